using System.Buffers;
using System.Data;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using GridMap.Server.Databases;
using GridMap.Server.Gdal;
using GridMap.Server.Layers;
using Npgsql;

namespace GridMap.Server.Downloads;

/// <summary>
/// Makes the file of a job: the selected rows are streamed from the database by parameters into a table of text with WKB, a description beside it says
/// which field has which type, and GDAL makes the wanted format from the two.
/// </summary>
public sealed class DownloadFile(Database database, DownloadLimits limits)
{
    /// <summary>The field that has a feature's id.</summary>
    public const string IdField = "id";

    private const string RowsName = "rows.csv", DescriptionName = "rows.vrt", IdName = "fid__", GeometryName = "wkb__", LabelSource = "label__";

    // What people call a feature: the first of these that it has.
    private static readonly string[] Labels = ["name", "title", "number", "code"];

    /// <returns>Whether there is a file, and why there is none or what is to be said of it.</returns>
    public async Task<(bool IsMade, string? Message)> Make(DownloadJob job, CancellationToken cancellation)
    {
        Directory.CreateDirectory(job.Folder);
        var layer = job.Question.Layer;
        var made = Path.Combine(job.Folder, "made");
        Directory.CreateDirectory(made);
        using var notes = job.Format.IsZipped ? new ShapefileNotes(job, made) : null;
        if (!await WriteRows(job, notes, cancellation)) return (false, $"The rows take more than {limits.BytesEach >> 20} MiB. Select fewer.");
        notes?.End();
        Describe(job, notes);
        var target = Path.Combine(made, $"{layer.Name}.{job.Format.Extension}");
        var arguments = new List<string> { "-f", job.Format.Driver, target, Path.Combine(job.Folder, DescriptionName), layer.Name, "-nln", layer.Name };
        arguments.AddRange(job.Format.Options);
        if (job.Format.Name == "csv") arguments.AddRange(["-lco", layer.Geometry == "point" ? "GEOMETRY=AS_XY" : "GEOMETRY=AS_WKT"]);
        if (job.Format.Name == "shapefile") arguments.AddRange(["-lco", $"ENCODING={job.Encoding}"]);
        if (job.Srid is { } srid) arguments.AddRange(["-t_srs", $"EPSG:{srid}"]);
        if (await Ogr2Ogr.Run(arguments, job.Folder, isStrangers: false, cancellation) is { } complaint) return (false, complaint.Replace(job.Folder, "", StringComparison.Ordinal));
        var file = Path.Combine(job.Folder, job.FileName);
        if (job.Format.IsZipped)
        {
            // Programs that do not know the file .cpg still have the encoding's name in it; GDAL writes it only for some encodings.
            await File.WriteAllTextAsync(Path.Combine(made, $"{layer.Name}.cpg"), job.Encoding, cancellation);
            ZipFile.CreateFromDirectory(made, file, CompressionLevel.Fastest, includeBaseDirectory: false);
        }
        else
        {
            File.Move(target, file);
        }
        Directory.Delete(made, recursive: true);
        foreach (var name in new[] { RowsName, DescriptionName }) File.Delete(Path.Combine(job.Folder, name));
        return new FileInfo(file).Length <= limits.BytesEach ? (true, notes?.Message) : (false, $"The file takes more than {limits.BytesEach >> 20} MiB. Select fewer.");
    }

    private async Task<bool> WriteRows(DownloadJob job, ShapefileNotes? notes, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        // Counted and read in one snapshot.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        job.Expect(await connection.Scalar<long>(FeatureSql.Count(job.Question), cancellation));
        await using var command = FeatureSql.Rows(job.Question).ToCommand(connection);
        command.CommandTimeout = (int)limits.Time.TotalSeconds;
        await using var rows = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation);
        await using var file = new FileStream(Path.Combine(job.Folder, RowsName), FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 16);
        var columns = job.Question.Layer.Columns;
        var text = new StringBuilder($"{IdName},{GeometryName}");
        foreach (var column in columns) text.Append(',').Append(column.Name);
        if (job.Format.HasLabels) text.Append(',').Append(LabelSource);
        text.Append('\n');
        var (written, wkb) = (0L, Array.Empty<byte>());
        var labels = new string?[Labels.Length];
        while (await rows.ReadAsync(cancellation))
        {
            var id = rows.GetInt64(0);
            text.Append(id).Append(',');
            if (!rows.IsDBNull(1))
            {
                var length = (int)rows.GetBytes(1, 0, null, 0, 0);
                if (wkb.Length < length) wkb = new byte[length * 2];
                rows.GetBytes(1, 0, wkb, 0, length);
                text.Append(Convert.ToHexString(wkb, 0, length));
            }
            Array.Clear(labels);
            for (var i = 0; i < columns.Count; i++)
            {
                text.Append(',');
                if (rows.IsDBNull(i + 2)) continue;
                if (columns[i].Kind != ColumnKind.Text)
                {
                    Value(text, rows, i + 2, columns[i].Kind);
                    continue;
                }
                var value = rows.GetString(i + 2);
                Text(text, notes?.Fit(id, columns[i].Name, value) ?? value);
                if (Array.IndexOf(Labels, columns[i].Name) is >= 0 and var rank) labels[rank] = value;
            }
            if (job.Format.HasLabels)
            {
                text.Append(',');
                if (labels.FirstOrDefault(label => !string.IsNullOrEmpty(label)) is { } first) Text(text, first);
            }
            text.Append('\n');
            job.Count(++written);
            if (text.Length < 1 << 15) continue;
            await file.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
            text.Clear();
            if (file.Length > limits.BytesEach) return false;
        }
        await file.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
        return true;
    }

    private static void Text(StringBuilder text, string value) => text.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');

    private static void Value(StringBuilder text, NpgsqlDataReader row, int at, ColumnKind kind)
    {
        switch (kind)
        {
            case ColumnKind.Integer: text.Append(row.GetInt64(at)); break;
            case ColumnKind.Number: text.Append(row.GetDouble(at).ToString("R", CultureInfo.InvariantCulture)); break;
            case ColumnKind.Flag: text.Append(row.GetBoolean(at) ? '1' : '0'); break;
            default:
                var time = row.GetDateTime(at);
                if (time != DateTime.MinValue && time != DateTime.MaxValue) text.Append(time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture)); // ±infinity: an open end
                break;
        }
    }

    // GDAL's virtual format: types are said here, not guessed from the first rows.
    private static void Describe(DownloadJob job, ShapefileNotes? notes)
    {
        var layer = job.Question.Layer;
        var described = new XElement("OGRVRTLayer", new XAttribute("name", layer.Name),
            new XElement("SrcDataSource", new XAttribute("relativeToVRT", 1), RowsName),
            new XElement("OpenOptions", new XElement("OOI", new XAttribute("key", "EMPTY_STRING_AS_NULL"), "YES")),
            new XElement("SrcLayer", Path.GetFileNameWithoutExtension(RowsName)), new XElement("FID", new XAttribute("name", IdField), IdName),
            new XElement("GeometryType", layer.Geometry switch { "point" => "wkbPoint", "line" => "wkbLineString", _ => "wkbMultiPolygon" }),
            new XElement("LayerSRS", "OGC:CRS84"), new XElement("GeometryField", new XAttribute("encoding", "WKB"), new XAttribute("field", GeometryName)));
        // What other rows and other answers call a feature by: files whose features have no numbers of their own carry it as a field.
        if (job.Format is { HasFields: true, HasIds: false }) described.Add(new XElement("Field", new XAttribute("name", IdField), new XAttribute("src", IdName), Type(ColumnKind.Integer)));
        if (job.Format.HasLabels) described.Add(new XElement("Field", new XAttribute("name", DownloadFormat.LabelName), new XAttribute("src", LabelSource), Type(ColumnKind.Text)));
        // GDAL takes names that differ in capitals alone for one.
        var columns = layer.Columns.Where(column => !job.Format.HasLabels || !column.Name.Equals(DownloadFormat.LabelName, StringComparison.OrdinalIgnoreCase));
        if (job.Format.HasFields) described.Add(columns.Select(column => new XElement("Field", new XAttribute("name", notes?.Field(column.Name) ?? column.Name), new XAttribute("src", column.Name), Type(column.Kind))));
        else described.Add(new XElement("Field", new XAttribute("name", "Layer"), new XAttribute("src", layer.Columns[0].Name)));
        new XDocument(new XElement("OGRVRTDataSource", described)).Save(Path.Combine(job.Folder, DescriptionName));

        object[] Type(ColumnKind kind) => kind switch
        {
            ColumnKind.Integer => [new XAttribute("type", "Integer64")],
            ColumnKind.Number => [new XAttribute("type", "Real")],
            ColumnKind.Flag => [new XAttribute("type", "Integer"), new XAttribute("subtype", "Boolean")],
            ColumnKind.Time when job.Format.HasTimes => [new XAttribute("type", "DateTime")],
            _ => [new XAttribute("type", "String")],
        };
    }
}
