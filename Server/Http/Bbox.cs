using System.Globalization;
using GridMap.Server.Databases;

namespace GridMap.Server.Http;

/// <summary>A box in degrees. <c>West &gt; East</c> crosses the antimeridian (RFC 7946 §5.2, OGC API – Features §7.15.3).</summary>
public readonly record struct Bbox(double West, double South, double East, double North)
{
    public static Reading<Bbox?> Read(string text)
    {
        const string expected = "four numbers west,south,east,north (or six with heights), south ≤ north";
        var parts = text.Split(',');
        if (parts.Length is not (4 or 6)) return Reading<Bbox?>.Wrong("bbox.not-four-numbers", expected);
        var numbers = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
                return Reading<Bbox?>.Wrong("bbox.not-four-numbers", expected);
        }
        var box = parts.Length == 4
            ? new Bbox(numbers[0], numbers[1], numbers[2], numbers[3])
            : new Bbox(numbers[0], numbers[1], numbers[3], numbers[4]);
        if (box.South > box.North) return Reading<Bbox?>.Wrong("bbox.south-above-north", expected);
        if (Math.Abs(box.West) > 180 || Math.Abs(box.East) > 180 || Math.Abs(box.South) > 90 || Math.Abs(box.North) > 90)
            return Reading<Bbox?>.Wrong("bbox.out-of-range", "longitudes from -180 to 180 and latitudes from -90 to 90");
        return box;
    }

    /// <summary>SQL that is true where <paramref name="column"/> really intersects the box (index first, then the exact test).</summary>
    public Sql Intersects(Sql column)
    {
        if (West <= East) return Meets(column, West, East);
        return Sql.Of($"({Meets(column, West, 180)} OR {Meets(column, -180, East)})");
    }

    // Without width or height it is a line or a point, which ST_MakeEnvelope alone makes an invalid polygon of.
    private Sql Meets(Sql column, double west, double east) => west < east && South < North
        ? Sql.Of($"ST_Intersects({column}, ST_MakeEnvelope({west}, {South}, {east}, {North}, 4326))")
        : Sql.Of($"ST_Intersects({column}, ST_Envelope(ST_MakeEnvelope({west}, {South}, {east}, {North}, 4326)))");
}
