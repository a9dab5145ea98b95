using System.Runtime.CompilerServices;
using Xunit;

namespace GridMap.Geo.Tests;

/// <summary>Published reference values that lie beside the repository, not in it.</summary>
internal static class ReferenceData
{
    /// <summary>The root of the source tree, found from this file.</summary>
    public static string Root { get; } = FindRoot();

    public static string? Folder { get; } = FindFolder();

    public static string File(string name) => Path.Combine(Folder!, name);

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "GridMap.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("GridMap.sln not found above " + here);
    }

    // The optional folder ../shared/data/reference of the checkout; a linked work tree lies one level deeper.
    private static string? FindFolder()
    {
        for (var folder = new DirectoryInfo(Root).Parent; folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", "reference");
            if (Directory.Exists(candidate)) return candidate;
        }

        return null;
    }
}

/// <summary>Needs the reference data: skipped on a desk without it, run (and failing) where the variable CI is true.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute()
    {
        if (ReferenceData.Folder is null && !string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            Skip = "reference data folder ../shared/data/reference is absent";
    }
}
