using System.Text.Json;
using GridMap.Server.Http;

namespace GridMap.Server.OgcApi;

/// <summary>What an execute request asks for: the inputs as a query in the spelling of their parameters, and whether the answer stands in a document.</summary>
internal sealed record ExecuteRequest(string Query, bool IsDocument)
{
    public const string Output = "answer";

    /// <exception cref="Refused">A member, an input or an output is unknown, or is not what the process's description says.</exception>
    public static ExecuteRequest Read(JsonElement request, Process process)
    {
        foreach (var member in request.EnumerateObject().Select(member => member.Name).Except(["inputs", "outputs", "response", "subscriber"]))
            throw Refused.Field(member, "field.unknown", "inputs, outputs or response");
        if (request.TryGetProperty("subscriber", out _)) throw Refused.Field("subscriber", "field.not-here", "no subscriber: ask the job for its status");
        var isDocument = false;
        if (request.TryGetProperty("response", out var response))
        {
            isDocument = response.ValueKind == JsonValueKind.String && response.ValueEquals("document");
            if (!isDocument && !(response.ValueKind == JsonValueKind.String && response.ValueEquals("raw"))) throw Refused.Field("response", "choice.unknown", "raw or document");
        }
        var given = request.TryGetProperty("inputs", out var inputs) ? Inputs(inputs, process) : [];
        if (request.TryGetProperty("outputs", out var outputs)) AddFormat(given, outputs, process);
        return new ExecuteRequest(given.Count == 0 ? "" : "?" + string.Join('&', given.Select(one => $"{Uri.EscapeDataString(one.Name)}={Uri.EscapeDataString(one.Value)}")), isDocument);
    }

    private static List<(string Name, string Value)> Inputs(JsonElement inputs, Process process)
    {
        if (inputs.ValueKind != JsonValueKind.Object) throw Refused.Field("inputs", "field.wrong-type", "an object");
        var given = new List<(string, string)>();
        foreach (var input in inputs.EnumerateObject())
        {
            var parameter = process.Inputs.FirstOrDefault(parameter => parameter.Name == input.Name)
                ?? throw Refused.Field($"inputs.{input.Name}", "input.unknown", $"one of {string.Join(", ", process.Inputs.Select(known => known.Name))}");
            given.AddRange(ProcessInput.TextsOf(parameter, input.Value).Select(text => (input.Name, text)));
        }
        return given;
    }

    // What a process says under outputs and outputTransmission is all that there is.
    private static void AddFormat(List<(string Name, string Value)> given, JsonElement outputs, Process process)
    {
        if (outputs.ValueKind != JsonValueKind.Object || outputs.EnumerateObject().Any(output => output.Name != Output)) throw Refused.Field("outputs", "output.unknown", $"an object with {Output}");
        if (!outputs.TryGetProperty(Output, out var output)) return;
        if (output.ValueKind != JsonValueKind.Object || (output.TryGetProperty("transmissionMode", out var mode) && !(mode.ValueKind == JsonValueKind.String && mode.ValueEquals("value"))))
            throw Refused.Field($"outputs.{Output}.transmissionMode", "choice.unknown", "value");
        if (!output.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.Object || !format.TryGetProperty("mediaType", out var type)) return;
        var makes = process.Format?.Makes ?? [("json", Links.Json)];
        var wanted = makes.Where(make => type.ValueKind == JsonValueKind.String && type.ValueEquals(make.MediaType)).Select(make => make.Choice).ToList();
        var asked = given.Where(one => one.Name == process.Format?.Name).Select(one => one.Value).FirstOrDefault();
        if (wanted.Count == 0 || (asked is not null && !wanted.Contains(asked)))
            throw Refused.Field($"outputs.{Output}.format.mediaType", "choice.unknown", asked is null ? $"one of {string.Join(", ", makes.Select(make => make.MediaType).Distinct())}" : $"what the input {process.Format!.Name} makes");
        if (asked is null && process.Format is { } input) given.Add((input.Name, wanted[0]));
    }
}
