namespace GridMap.Server.Import;

/// <summary>
/// The one place an import may read: a folder, or a single file. A step's pattern stays below it; links, virtual file systems and
/// formats that can open something else (VRT, GML with references, archives) are refused.
/// </summary>
public sealed class SourceFolder
{
    /// <summary>File ending → the only GDAL driver that may open it. JSON that is a plain list of objects is read without GDAL.</summary>
    private static readonly Dictionary<string, string> Drivers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".geojson"] = "GeoJSON", [".json"] = "GeoJSON", [".geojsonl"] = "GeoJSONSeq", [".topojson"] = "TopoJSON", [".shp"] = "ESRI Shapefile",
        [".gpkg"] = "GPKG", [".kml"] = "KML", [".csv"] = "CSV", [".tsv"] = "CSV", [".pbf"] = "OSM", [".osm"] = "OSM", [".gdb"] = "OpenFileGDB", [".fgb"] = "FlatGeobuf",
    };

    private readonly string? _onlyFile;
    private readonly long _maximumBytes;

    public SourceFolder(string source, long maximumBytes)
    {
        if (source.StartsWith("/vsi", StringComparison.OrdinalIgnoreCase) || source.Contains("://", StringComparison.Ordinal))
            throw new ImportException("", $"The source {source} is not a folder or file of this machine.");
        var full = Path.GetFullPath(source);
        if (Directory.Exists(full) && !IsGeodatabase(full)) Folder = full;
        else if (File.Exists(full) || Directory.Exists(full)) (Folder, _onlyFile) = (Path.GetDirectoryName(full)!, Path.GetFileName(full));
        else throw new ImportException("", $"There is no file or folder {source}.");
        _maximumBytes = maximumBytes;
    }

    public string Folder { get; }

    public static string DriverOf(string file) => Drivers[Path.GetExtension(file)];

    /// <summary>The files a step reads, in name order. Empty only when the step says that its source is optional.</summary>
    public IReadOnlyList<string> Find(FileSource source)
    {
        var folder = Path.Combine(Folder, Path.GetDirectoryName(source.Files) ?? "");
        var pattern = Path.GetFileName(source.Files);
        var found = new List<string>();
        if (_onlyFile is not null)
        {
            if (Path.GetDirectoryName(source.Files) is null or "" && System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, _onlyFile))
                found.Add(Path.Combine(Folder, _onlyFile));
        }
        else if (Directory.Exists(folder))
        {
            found.AddRange(Directory.EnumerateFileSystemEntries(folder)
                .Where(entry => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(entry)))
                .Where(entry => !pattern.EndsWith(".*", StringComparison.Ordinal) || Drivers.ContainsKey(Path.GetExtension(entry))) // a shapefile's .dbf and .shx
                .Order(StringComparer.Ordinal));
        }
        if (found.Count == 0 && !source.Optional) throw new ImportException(source.Path + ".files", $"there is no {source.Files} in {Folder}");
        if (found.Count > 500) throw new ImportException(source.Path + ".files", $"{source.Files} names {found.Count} files; at most 500 are read");
        foreach (var file in found) Check(file, source.Path + ".files");
        return found;
    }

    public string NameOf(string file) => Path.GetRelativePath(Folder, file);

    private void Check(string file, string path)
    {
        var full = Path.GetFullPath(file);
        if (!full.StartsWith(Folder.TrimEnd('/') + "/", StringComparison.Ordinal)) throw new ImportException(path, "leads out of the source folder");
        for (var part = full; part.Length > Folder.Length; part = Path.GetDirectoryName(part)!)
        {
            if (File.GetAttributes(part).HasFlag(FileAttributes.ReparsePoint)) throw new ImportException(path, $"{NameOf(file)} is a link; copy the file itself");
        }
        if (!Drivers.ContainsKey(Path.GetExtension(full)))
            throw new ImportException(path, $"{NameOf(file)} is of a kind that is not read; read are {string.Join(", ", Drivers.Keys)}");
        if (Directory.Exists(full) && !IsGeodatabase(full)) throw new ImportException(path, $"{NameOf(file)} is a folder");
        var bytes = Directory.Exists(full) ? new DirectoryInfo(full).EnumerateFiles().Sum(one => one.Length) : new FileInfo(full).Length;
        if (bytes > _maximumBytes) throw new ImportException(path, $"{NameOf(file)} has {bytes} bytes; at most {_maximumBytes} are read (--max-megabytes)");
    }

    private static bool IsGeodatabase(string folder) => Path.GetExtension(folder).Equals(".gdb", StringComparison.OrdinalIgnoreCase);
}
