using System.Text.Json.Serialization;
using Npgsql;

namespace GridMap.Server.Http;

/// <summary>One thing wrong with one field of the question: which, a named reason, and what was expected.</summary>
public sealed record FieldError(string Field, string Code, string Expected);

/// <summary>A refusal with a named reason. <see cref="Problems"/> turns it into a status and problem+json; nothing else does.</summary>
public sealed class Refused(string code, string detail, IReadOnlyList<FieldError>? errors = null, object? faults = null) : Exception(detail)
{
    public string Code => code;
    public IReadOnlyList<FieldError>? Errors => errors;
    public object? Faults => faults;

    public static Refused Field(string field, string code, string expected) =>
        new(Problems.InvalidRequest, $"{field}: expected {expected}.", [new FieldError(field, code, expected)]);

    public static Refused Fields(IReadOnlyList<FieldError> errors) =>
        new(Problems.InvalidRequest, string.Join(' ', errors.Take(5).Select(error => $"{error.Field}: expected {error.Expected}.")), errors);

    public static Refused NotFound(string thing, object id) => new($"{thing}.not-found", $"There is no {thing} {id}.");
}

/// <summary>RFC 9457 problem details, with GridMap's reason code and the fields at fault.</summary>
public sealed record Problem(
    string Type, string Title, int Status, string Detail, string Instance, string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FieldError>? Errors = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] object? Faults = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TraceId = null);

/// <summary>The one table from reason to status. A code that is not here is a programming error and answers 500.</summary>
public static class Problems
{
    public const string InvalidRequest = "request.invalid";
    public const string TooLarge = "request.too-large";
    public const string MediaType = "request.media-type";
    public const string MethodNotAllowed = "route.method-not-allowed";
    public const string PreconditionFailed = "request.precondition-failed";
    public const string TooMany = "request.too-many";
    public const string Unprocessable = "request.unprocessable";
    public const string NotAcceptable = "request.not-acceptable";
    public const string Cancelled = "request.cancelled";
    public const string KeyMissing = "access.key-missing";
    public const string KeyUnknown = "access.key-unknown";
    public const string RoleTooLow = "access.role-too-low";
    public const string OutsideArea = "access.outside-area";
    public const string Unavailable = "database.unavailable";
    public const string TooSlow = "database.too-slow";
    public const string Conflict = "database.conflict";
    public const string Internal = "server.failure";

    public static readonly IReadOnlyDictionary<string, (int Status, string Title)> Table = new Dictionary<string, (int, string)>
    {
        [InvalidRequest] = (400, "The request is not valid"),
        [KeyMissing] = (401, "A key is needed"),
        [KeyUnknown] = (401, "The key is not valid"),
        [RoleTooLow] = (403, "The key's role does not allow this"),
        [OutsideArea] = (403, "The key is limited to another area"),
        ["route.not-found"] = (404, "There is nothing at this address"),
        ["area.not-found"] = (404, "No such area"),
        ["catalogue.not-found"] = (404, "No such catalogue"),
        ["collection.not-found"] = (404, "No such collection"),
        ["download.not-found"] = (404, "No such download"),
        ["feature.not-found"] = (404, "No such feature"),
        ["grid.not-found"] = (404, "No such grid"),
        ["grid-hole.not-found"] = (404, "No such hole"),
        ["incident.not-found"] = (404, "No such incident"),
        ["key.not-found"] = (404, "No such key"),
        ["plan.not-found"] = (404, "No such plan"),
        ["layer.not-found"] = (404, "No such layer"),
        ["tile.not-found"] = (404, "No such tile"),
        ["process.not-found"] = (404, "No such process"),
        ["scenario.not-found"] = (404, "No such scenario"),
        ["job.not-found"] = (404, "No such job"),
        ["job.not-ready"] = (404, "There are no results yet"),
        ["style.not-found"] = (404, "No such style"),
        ["tile-matrix-set.not-found"] = (404, "No such tile matrix set"),
        [MethodNotAllowed] = (405, "This method is not allowed here"),
        [NotAcceptable] = (406, "None of the accepted formats is available"),
        [Conflict] = (409, "This conflicts with what is there"),
        ["download.not-ready"] = (409, "The file is not there"),
        ["grid.faults"] = (409, "The boundary has faults"),
        ["grid.ended"] = (409, "The grid has ended"),
        ["grid.boundary-by-plan"] = (409, "Boundaries change by plan"),
        ["incident.final"] = (409, "The incident is closed or rejected"),
        ["incident.key-reused"] = (409, "The idempotency key was used for something else"),
        ["incident.step-not-allowed"] = (409, "This status may not follow"),
        ["plan.base-changed"] = (409, "The grids under the plan have changed"),
        ["plan.base-has-faults"] = (409, "The grids do not tile the area"),
        ["plan.edit-refused"] = (409, "The edit would leave no clean partition"),
        ["plan.file-unreadable"] = (422, "The file could not be made"),
        ["plan.faults"] = (409, "The plan has faults"),
        ["plan.no-code"] = (409, "No code is free"),
        ["plan.no-grids"] = (409, "There are no grids to plan"),
        ["plan.not-a-draft"] = (409, "The plan is no draft any more"),
        ["plan.nothing-to-publish"] = (409, "The plan changes nothing"),
        ["plan.nothing-to-redo"] = (409, "Nothing can be redone"),
        ["plan.nothing-to-undo"] = (409, "Nothing can be undone"),
        ["plan.reason-needed"] = (409, "Warnings need a reason"),
        ["plan.too-many-grids"] = (409, "Too many grids for one plan"),
        ["plan.too-many-steps"] = (409, "Too many steps for one plan"),
        ["key.name-in-use"] = (409, "The name is in use"),
        ["coverage.no-cells"] = (409, "There are no population cells"),
        ["walking.no-network"] = (409, "There is no walking network"),
        ["position.elsewhere"] = (410, "The position is not one of this database"),
        [PreconditionFailed] = (412, "It has changed since"),
        [TooLarge] = (413, "The request is too large"),
        ["request.line-too-long"] = (414, "The address is too long"),
        [MediaType] = (415, "This media type is not understood"),
        [Unprocessable] = (422, "The content breaks a rule"),
        ["download.no-room"] = (429, "There is no room for another download"),
        ["download.too-many"] = (429, "Too many downloads"),
        ["jobs.full"] = (429, "Too many jobs"),
        [TooMany] = (429, "Too many requests"),
        ["join.too-many"] = (429, "Too many files are being joined"),
        ["request.headers-too-large"] = (431, "The headers are too large"),
        [Cancelled] = (499, "The client went away"),
        [Internal] = (500, "The server failed"),
        ["download.no-gdal"] = (503, "GDAL is not installed"),
        ["result.not-made"] = (503, "The file could not be made"),
        [Unavailable] = (503, "The database cannot be reached"),
        [TooSlow] = (503, "The question took too long"),
    };

    // Where a standard names the type itself.
    private static readonly Dictionary<string, string> OgcTypes = new()
    {
        ["process.not-found"] = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process",
        ["job.not-found"] = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-job",
        ["job.not-ready"] = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/result-not-ready",
    };

    public static Problem Of(Exception exception, HttpContext http) => exception switch
    {
        Refused refused when Table.ContainsKey(refused.Code) => Make(refused.Code, refused.Message, http, refused.Errors, refused.Faults),
        BadHttpRequestException { StatusCode: 413 } => Make(TooLarge, "The body is larger than 16 MiB.", http, [new FieldError("body", "body.too-large", "at most 16 MiB")]),
        // The second is what Kestrel says of a chunk whose size is beyond any number.
        BadHttpRequestException or IOException { InnerException: OverflowException } => Make(InvalidRequest, "The request could not be read as HTTP.", http, [new FieldError("body", "body.unreadable", "a complete request")]),
        // What System.Text.Json says of half a character where a member's name or a text is read.
        InvalidOperationException { Source: "System.Text.Json.Rethrowable" } text when text.Message.Contains("UTF-", StringComparison.Ordinal) => HalfCharacter(http),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => Make(TooSlow, "Ask for less: a smaller area, a shorter period or fewer rows.", http),
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation or PostgresErrorCodes.ForeignKeyViolation } conflict =>
            Make(Conflict, $"The rule {conflict.ConstraintName} does not allow it.", http, Taken(conflict)),
        PostgresException { SqlState: PostgresErrorCodes.CheckViolation } check =>
            Make(InvalidRequest, $"The rule {check.ConstraintName} does not allow it.", http, [new FieldError(check.ConstraintName ?? "body", "database.rule", "a value that the rule allows")]),
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } =>
            Make(Conflict, "Another change was made at the same moment. Try again.", http),
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.TooManyConnections } =>
            Make(Unavailable, "The database is restarting or full. Try again in a moment.", http),
        PostgresException { SqlState: PostgresErrorCodes.StatementTooComplex or PostgresErrorCodes.ProgramLimitExceeded } => TooComplex(http),
        PostgresException => Failure(http),
        NpgsqlException or TimeoutException => Make(Unavailable, "The database cannot be reached. Try again in a moment.", http),
        OperationCanceledException when http.RequestAborted.IsCancellationRequested => Make(Cancelled, "The client went away.", http),
        OperationCanceledException => Make(TooSlow, "Ask for less: a smaller area, a shorter period or fewer rows.", http),
        _ => Failure(http),
    };

    public static Problem Make(string code, string detail, HttpContext http, IReadOnlyList<FieldError>? errors = null, object? faults = null)
    {
        var (status, title) = Table[code];
        return new Problem(OgcTypes.GetValueOrDefault(code) ?? $"/api/problems#{code}", title, status, detail, http.Request.Path, code, errors, faults);
    }

    private static Problem HalfCharacter(HttpContext http)
    {
        FieldError error = new(IsQuestion(http) ? "filter" : "body", "text.half-character", "names and texts of whole characters, no halves of surrogate pairs");
        return Make(InvalidRequest, $"{error.Field}: expected {error.Expected}.", http, [error]);
    }

    private static bool IsQuestion(HttpContext http) => HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || http.Request.Query.ContainsKey("filter");

    // Of what is asked only a filter can be beyond the database; of what is sent, a text too long for an index.
    private static Problem TooComplex(HttpContext http)
    {
        FieldError error = IsQuestion(http)
            ? new("filter", "filter.too-complex", "a filter with fewer parts inside each other") : new("body", "body.too-complex", "shorter texts, and fewer parts inside each other");
        return Make(InvalidRequest, $"{error.Field}: expected {error.Expected}.", http, [error]);
    }

    // Rules of this kind are named by their table, the column, and "unique"; fields are called as their columns are.
    private static FieldError[]? Taken(PostgresException conflict)
    {
        if (conflict is not { SqlState: PostgresErrorCodes.UniqueViolation, TableName: { } table, ConstraintName: { } rule } || !rule.StartsWith(table + "_", StringComparison.Ordinal) || !rule.EndsWith("_unique", StringComparison.Ordinal)
            || rule.Length <= table.Length + "__unique".Length) return null;
        var words = rule[(table.Length + 1)..^"_unique".Length].Split('_', StringSplitOptions.RemoveEmptyEntries);
        return [TakenField(words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..])))];
    }

    /// <summary>What is wrong with a value that another has already and nobody else may have.</summary>
    public static FieldError TakenField(string field) => new(field, "value.taken", "a value that no other has");

    // Nothing internal is shown; the trace id finds it in the log.
    private static Problem Failure(HttpContext http) =>
        Make(Internal, "Something unexpected happened. It has been logged.", http) with { TraceId = http.TraceIdentifier };
}
