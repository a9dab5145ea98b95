using System.Reflection;
using System.Text;

namespace GridMap.Server.Databases;

/// <summary>Files of <c>data/</c> carried inside the program, by folder, in name order.</summary>
public static class EmbeddedFiles
{
    public static IEnumerable<(string Name, string Text)> In(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            yield return (name[(folder.Length + 1)..], reader.ReadToEnd());
        }
    }
}
