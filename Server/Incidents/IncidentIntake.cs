using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Incidents;

/// <summary>An incident that has passed every check that needs no database: WGS 84, UTC, no null texts.</summary>
public sealed record IncidentRow(
    string Category, double Lon, double Lat, string Title, string Description, string Address, string Severity, string Source,
    DateTime ReportedAt, DateTime? DueAt, string? OutsideNumber, long? DepartmentId);

/// <summary>What an incident must be to be taken in. A batch says everything that is wrong with it at once, row by row.</summary>
public static class IncidentIntake
{
    public const int MostRows = 5_000;
    private const int MostErrors = 1_000;
    private static readonly TimeSpan ClockError = TimeSpan.FromMinutes(5);
    private static readonly string[] Severities = ["low", "normal", "high", "urgent"];
    private static readonly string[] Sources = ["grid-worker", "hotline", "public", "camera", "department", "import"];

    /// <exception cref="Refused">With an error for each field at fault; in a batch fields are named <c>incidents[3].lon</c>.</exception>
    public static IncidentRow[] Check(IReadOnlyList<IncidentWanted> wanted, bool isBatch, TimeZoneInfo zone, DateTime now)
    {
        var errors = new List<FieldError>();
        var rows = new IncidentRow[wanted.Count];
        for (var i = 0; i < rows.Length && errors.Count < MostErrors; i++) rows[i] = Check(wanted[i], Prefix(isBatch, i), zone, now, errors);
        return errors.Count == 0 ? rows : throw Refused.Fields(errors);
    }

    /// <summary>The checks that only the database can answer, in one question for the whole batch.</summary>
    public static async Task CheckReferences(NpgsqlConnection connection, IncidentRow[] rows, bool isBatch, CancellationToken cancellation)
    {
        var categories = rows.Select(row => row.Category).Distinct().ToArray();
        var departments = rows.Select(row => row.DepartmentId).OfType<long>().Distinct().ToArray();
        var known = await connection.Query($"""
            SELECT code, NULL::bigint FROM catalogue_entries WHERE catalogue = 'incident-categories' AND code = ANY({categories})
            UNION ALL
            SELECT NULL, id FROM departments WHERE id = ANY({departments})
            """, reader => (Code: reader.TextOrNull(0), Id: reader.LongOrNull(1)), cancellation);
        var knownCategories = known.Select(row => row.Code).OfType<string>().ToHashSet();
        var knownDepartments = known.Select(row => row.Id).OfType<long>().ToHashSet();
        var errors = new List<FieldError>();
        for (var i = 0; i < rows.Length && errors.Count < MostErrors; i++)
        {
            if (!knownCategories.Contains(rows[i].Category))
                errors.Add(new FieldError(Prefix(isBatch, i) + "category", "category.unknown", "a code of the catalogue incident-categories"));
            if (rows[i].DepartmentId is { } department && !knownDepartments.Contains(department))
                errors.Add(new FieldError(Prefix(isBatch, i) + "departmentId", "department.unknown", "the id of a department"));
        }
        if (errors.Count > 0) throw Refused.Fields(errors);
    }

    public static void CheckChoice(string? value, string field, bool isStatus, List<FieldError> errors)
    {
        IEnumerable<string> choices = isStatus ? IncidentWorkflow.Following.Keys : Severities;
        if (value is not null && !choices.Contains(value)) errors.Add(new FieldError(field, "choice.unknown", $"one of {string.Join(", ", choices)}"));
    }

    public static DateTime? Time(string? text, string field, TimeZoneInfo zone, List<FieldError> errors)
    {
        if (text is null) return null;
        if (When.TryRead(text, out var when)) return when.ToUtc(zone);
        errors.Add(new FieldError(field, "time.unreadable", "a time such as 2026-03-01T08:00:00+08:00, or a date such as 2026-03-01"));
        return null;
    }

    public static string Text(string? text, string field, int most, bool lines, List<FieldError> errors)
    {
        if (text is null) return "";
        if (text.Length > most) errors.Add(new FieldError(field, "text.length", $"at most {most} characters"));
        else if (text.Any(letter => char.IsControl(letter) && !(lines && letter is '\n' or '\r' or '\t')))
            errors.Add(new FieldError(field, "text.control-character", "text without control characters"));
        return text.Trim();
    }

    private static string Prefix(bool isBatch, int index) => isBatch ? $"incidents[{index}]." : "";

    private static IncidentRow Check(IncidentWanted wanted, string prefix, TimeZoneInfo zone, DateTime now, List<FieldError> errors)
    {
        InRange(wanted.Lon, 180, prefix + "lon", errors);
        InRange(wanted.Lat, 90, prefix + "lat", errors);
        if (wanted.Category.Length is < 1 or > 60 || wanted.Category.Any(char.IsControl))
            errors.Add(new FieldError(prefix + "category", "category.unknown", "a code of the catalogue incident-categories"));
        if (wanted.Coord is not null && !Datum.Names.Contains(wanted.Coord))
            errors.Add(new FieldError(prefix + "coord", "choice.unknown", $"one of {string.Join(", ", Datum.Names)}"));
        if (wanted.Source is not null && !Sources.Contains(wanted.Source))
            errors.Add(new FieldError(prefix + "source", "choice.unknown", $"one of {string.Join(", ", Sources)}"));
        CheckChoice(wanted.Severity, prefix + "severity", isStatus: false, errors);
        var title = Text(wanted.Title, prefix + "title", 200, lines: false, errors);
        var description = Text(wanted.Description, prefix + "description", 5_000, lines: true, errors);
        var address = Text(wanted.Address, prefix + "address", 300, lines: false, errors);
        var outsideNumber = Text(wanted.OutsideNumber, prefix + "outsideNumber", 100, lines: false, errors);
        var reportedAt = Time(wanted.ReportedAt, prefix + "reportedAt", zone, errors) ?? now;
        if (reportedAt > now + ClockError) errors.Add(new FieldError(prefix + "reportedAt", "time.future", "a moment that has passed"));
        var dueAt = Time(wanted.DueAt, prefix + "dueAt", zone, errors);
        if (dueAt < reportedAt) errors.Add(new FieldError(prefix + "dueAt", "time.before-report", "a moment after the report"));
        var place = errors.Count == 0 ? Datum.Of(wanted.Coord).ToStored(wanted.Lon, wanted.Lat) : new Place(0, 0);
        return new IncidentRow(wanted.Category, place.Lon, place.Lat, title, description, address, wanted.Severity ?? "normal", wanted.Source ?? "grid-worker",
            reportedAt, dueAt, outsideNumber.Length == 0 ? null : outsideNumber, wanted.DepartmentId);
    }

    private static void InRange(double degrees, double most, string field, List<FieldError> errors)
    {
        if (!(Math.Abs(degrees) <= most)) errors.Add(new FieldError(field, "number.out-of-range", $"a number from -{most} to {most}"));
    }
}
