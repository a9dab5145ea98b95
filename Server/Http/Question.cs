using GridMap.Server.Databases;

namespace GridMap.Server.Http;

/// <summary>What an endpoint's query may hold; read by <see cref="Question"/> and by the contract.</summary>
public sealed record Takes(IReadOnlyList<Parameter> Parameters);

/// <summary>The query of one request, every parameter read and checked before the handler does anything. All that is wrong is said at once.</summary>
public sealed class Question
{
    private readonly Dictionary<Parameter, object?> _values = [];

    /// <exception cref="Refused">A parameter is unknown, missing, repeated or unreadable.</exception>
    public static Question Of(HttpContext http)
    {
        // The endpoint's filter has read it already when the handler asks.
        if (http.Features.Get<Question>() is { } known) return known;
        var question = Of(http, http.GetEndpoint()?.Metadata.GetMetadata<Takes>()?.Parameters ?? []);
        http.Features.Set(question);
        return question;
    }

    public static Question Of(HttpContext http, IReadOnlyList<Parameter> parameters)
    {
        var question = new Question();
        List<FieldError>? errors = null;
        var query = http.Request.Query;
        foreach (var name in query.Keys)
        {
            if (!IsKnown(name, parameters))
                (errors ??= []).Add(new FieldError(name, "parameter.unknown", parameters.Count == 0 ? "no parameters" : $"one of {string.Join(", ", parameters.Select(parameter => parameter.Name))}"));
        }
        foreach (var parameter in parameters)
        {
            if (query.TryGetValue(parameter.Name, out var text))
            {
                question._values[parameter] = parameter.Read(text, out var error);
                if (error is not null) (errors ??= []).Add(error);
            }
            else if (parameter.IsRequired)
            {
                (errors ??= []).Add(new FieldError(parameter.Name, "parameter.missing", $"a value ({parameter.Description.TrimEnd('.')})"));
            }
        }
        return errors is null ? question : throw Refused.Fields(errors);
    }

    private static bool IsKnown(string name, IReadOnlyList<Parameter> parameters)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].Name == name) return true;
        }
        return false;
    }

    public bool Has(Parameter parameter) => _values.ContainsKey(parameter);

    public T Get<T>(Parameter<T> parameter) => (T)(_values.TryGetValue(parameter, out var value) ? value : parameter.Absent)!;

    public T[] Get<T>(ListParameter<T> parameter) => (T[])(_values.TryGetValue(parameter, out var value) ? value : parameter.Absent)!;
}

public static class QuestionEndpoints
{
    /// <summary>Declares the query parameters of an endpoint: what is not named here is refused.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder endpoint, params Parameter[] parameters) =>
        endpoint.WithMetadata(new Takes(parameters)).AddEndpointFilter((context, next) =>
        {
            // Checked even by handlers that read none of them, so that no endpoint silently ignores a question.
            Question.Of(context.HttpContext);
            return next(context);
        });
}
