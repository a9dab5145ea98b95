using System.Text.Json;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Microsoft.OpenApi;

namespace GridMap.Server.Changes;

/// <summary>One committed change. <see cref="Collection"/> is where the row is published; <see cref="Feature"/> is the row as it is now, null when it is gone or was not asked for.</summary>
public sealed record ChangeTold(string Table, string? Collection, string Op, long? Id, DateTime At, string Actor, JsonElement? Feature);

/// <summary>Changes in the order in which they may be applied. <see cref="Next"/> is where the page after this one begins; <see cref="More"/> says that it holds something already.</summary>
public sealed record ChangePage(IReadOnlyList<ChangeTold> Items, string Next, bool More, DateTime At);

/// <summary>From where on: a position in the log, or a time.</summary>
public readonly record struct Since(ChangePosition? Position, When? Time)
{
    private const int MostCharacters = 12_000;

    public static readonly Parameter<Since?> Parameter = new("since",
        "'next' of the page before, the id of an event of the live feed, or an RFC 3339 time. Nothing committed at or after the time is left out; up to a minute before it may be repeated. "
        + "Absent: no changes, only the position of now, to begin with.",
        new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = MostCharacters }, Read);

    private static Reading<Since?> Read(string text)
    {
        if (text.Length <= MostCharacters && ChangePosition.TryParse(text, out var position)) return new Since(position, null);
        return When.TryRead(text, out var time) ? new Since(null, time)
            : Reading<Since?>.Wrong("position.unreadable", "'next' of a page of changes, the id of a live event, or a time such as 2026-03-01T08:00:00+08:00");
    }
}
