using System.Collections.Immutable;
using GridMap.Geo.Packed;

namespace GridMap.Server.Layers;

/// <summary>What happened to a copy: which boxes changed, or null when everything may have.</summary>
public sealed record CopyChange(Layer Layer, LayerCopy? Copy, IReadOnlyList<PackedBox>? Touched);

/// <summary>One layer and its copy, as far as there is one. Changed only by <see cref="LayerCopies"/>, under its gate.</summary>
public sealed class FollowedLayer(Layer layer)
{
    /// <summary>The <see cref="Reason"/> of a layer that is on its way into memory.</summary>
    public const string Loading = "loading";

    private volatile LayerCopy? _copy;
    private volatile string? _reason = Loading;

    public Layer Layer => layer;

    public LayerCopy? Copy => _copy;

    /// <summary>Why PostGIS answers; null while memory does.</summary>
    public string? Reason => _reason;

    public double LoadSeconds { get; set; }

    /// <summary>Rows that the last self-check found different, and when it was; null before the first.</summary>
    public (DateTime At, long Differences)? Checked { get; set; }

    /// <summary>While the first segments are made anew: how many they are, and the ids that changed meanwhile.</summary>
    public (int Parts, HashSet<long> Changed)? Renewing { get; set; }

    /// <summary>Counts loads: what was begun for an earlier one is not for this one.</summary>
    public int Generation { get; set; }

    public void Set(LayerCopy copy) => (_copy, _reason) = (copy, null);

    public void Drop(string reason)
    {
        (_copy, _reason, Renewing) = (null, reason, null);
        Generation++;
    }

    /// <summary>Whether so much lies outside the first segment that it should be made anew.</summary>
    public bool WantsRenewal => Renewing is null && _copy is { } copy && copy.Later > Math.Max(20_000, copy.Count / 10);

    /// <summary>Puts the renewed segment in place of those it was made from.</summary>
    public void Renew(Segment segment)
    {
        if (_copy is not { } copy || Renewing is not { } renewing) return;
        var first = LayerCopy.Without(Part.Of(segment), renewing.Changed, []);
        _copy = copy with { Parts = [first, .. copy.Parts.Skip(renewing.Parts)] };
        Renewing = null;
    }
}
