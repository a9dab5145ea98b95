using Microsoft.Extensions.Primitives;
using Microsoft.OpenApi;

namespace GridMap.Server.Http;

/// <summary>
/// A query parameter, said once: the name, the rule that reads it, and how the contract describes it.
/// An endpoint lists its parameters with <see cref="Question.Takes"/>; anything else in the query is refused.
/// </summary>
public abstract class Parameter(string name, Words meaning, OpenApiSchema schema)
{
    public string Name => name;

    /// <summary>What it asks. In Chinese, too, where a page tells it: see <see cref="ProcessOf"/>.</summary>
    public Words Meaning => meaning;

    public string Description => meaning.English;
    public OpenApiSchema Schema => schema;
    public bool IsRequired { get; init; }
    public bool Repeats { get; init; }

    /// <summary>How often it may come.</summary>
    public virtual int Most => 1;

    /// <summary>What one of its values is.</summary>
    public OpenApiSchema OneSchema => Repeats && schema.Items is OpenApiSchema item ? item : schema;

    /// <summary>Where it chooses the format of the answer: the media type for each choice, the usual one first. Null for everything else.</summary>
    public (string Choice, string MediaType)[]? Makes { get; init; }

    /// <returns>The value, or null with an error.</returns>
    public abstract object? Read(StringValues text, out FieldError? error);

    public abstract object? Absent { get; }
}

/// <summary>How one text becomes a value: a value, or what was expected instead.</summary>
public readonly record struct Reading<T>(T? Value, string? Code, string? Expected)
{
    public static implicit operator Reading<T>(T value) => new(value, null, null);

    // On the type, because every reader of every kind ends in it.
    public static Reading<T> Wrong(string code, string expected) => new(default, code, expected);
}

public sealed class Parameter<T>(string name, Words meaning, OpenApiSchema schema, Func<string, Reading<T>> read) : Parameter(name, meaning, schema)
{
    public T? Default { get; init; }

    public Parameter<T> Required() => new(Name, Meaning, Schema, read) { IsRequired = true, Makes = Makes };

    public Parameter<T> Or(T value) => new(Name, Meaning, Schema, read) { Default = value, Makes = Makes };

    public Parameter<T> Making((string Choice, string MediaType)[] makes) => new(Name, Meaning, Schema, read) { IsRequired = IsRequired, Default = Default, Makes = makes };

    public override object? Absent => Default;

    public override object? Read(StringValues text, out FieldError? error)
    {
        error = null;
        if (text.Count != 1)
        {
            error = new FieldError(Name, "parameter.repeated", "one value");
            return null;
        }
        var reading = read(text[0] ?? "");
        if (reading.Code is null) return reading.Value;
        error = new FieldError(Name, reading.Code, reading.Expected!);
        return null;
    }
}

/// <summary>A parameter that may come several times, each value read by the same rule.</summary>
public sealed class ListParameter<T>(string name, Words meaning, OpenApiSchema schema, int most, Func<string, Reading<T>> read) : Parameter(name, meaning, schema)
{
    public override int Most => most;

    public override object? Absent => Array.Empty<T>();

    public override object? Read(StringValues text, out FieldError? error)
    {
        error = null;
        if (text.Count > most)
        {
            error = new FieldError(Name, "parameter.too-many", $"at most {most} values");
            return null;
        }
        var values = new T[text.Count];
        for (var i = 0; i < text.Count; i++)
        {
            var reading = read(text[i] ?? "");
            if (reading.Code is not null)
            {
                error = new FieldError(Name, reading.Code, reading.Expected!);
                return null;
            }
            values[i] = reading.Value!;
        }
        return values;
    }
}
