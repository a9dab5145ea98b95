using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GridMap.Server.Http;

/// <summary>What stands where in a body, in words. The serialiser's own messages name the object where a member of it could not be read.</summary>
public static class BodyTypes
{
    /// <param name="body">What is read.</param>
    /// <param name="path">Where in it, such as <c>changes[0].capacity</c>; empty for all of it.</param>
    /// <param name="options">How it is read.</param>
    public static string Meant(Type body, string path, JsonSerializerOptions options)
    {
        var info = options.GetTypeInfo(body);
        foreach (var part in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var steps = part.Split('[');
            if (info.Properties.FirstOrDefault(property => property.Name == steps[0]) is { } member) info = options.GetTypeInfo(member.PropertyType);
            for (var i = 1; i < steps.Length && info.ElementType is { } item; i++) info = options.GetTypeInfo(item);
        }
        return Said(info);
    }

    private static string Said(JsonTypeInfo info) => Type.GetTypeCode(Nullable.GetUnderlyingType(info.Type) ?? info.Type) switch
    {
        TypeCode.String => "a text whose characters are all whole",
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 => $"a whole number, at most {int.MaxValue}",
        TypeCode.Int64 => $"a whole number, at most {long.MaxValue}",
        TypeCode.Double => "a number",
        _ => info.Kind == JsonTypeInfoKind.Enumerable ? "a list" : "an object",
    };
}
