using Xunit;

namespace GridMap.Server.Tests;

/// <summary>A test that needs PostGIS: skipped on a desk without one, failed in CI.</summary>
public sealed class DatabaseFactAttribute : FactAttribute
{
    public DatabaseFactAttribute() => Skip = ScratchDatabase.ReasonToSkip;
}

public sealed class DatabaseTheoryAttribute : TheoryAttribute
{
    public DatabaseTheoryAttribute() => Skip = ScratchDatabase.ReasonToSkip;
}

/// <summary>A test that needs PostGIS and the folder of real data beside the repository.</summary>
public sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute() => Skip = ScratchDatabase.ReasonToSkip ?? RealData.ReasonToSkip;
}

public sealed class RealDataTheoryAttribute : TheoryAttribute
{
    public RealDataTheoryAttribute() => Skip = ScratchDatabase.ReasonToSkip ?? RealData.ReasonToSkip;
}

/// <summary>Real cities' data, which is not part of the repository: <c>../shared/data</c> beside it.</summary>
public static class RealData
{
    public static string? Folder { get; } = Find();

    public static string? ReasonToSkip =>
        Folder is not null || ScratchDatabase.IsCi ? null : "There is no ../shared/data beside the repository.";

    public static string Path(string name) => System.IO.Path.Combine(Folder ?? throw new DirectoryNotFoundException("../shared/data is absent"), name);

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var beside = System.IO.Path.Combine(folder.FullName, "../shared/data");
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "GridMap.sln")) && Directory.Exists(beside)) return System.IO.Path.GetFullPath(beside);
        }
        return null;
    }
}
