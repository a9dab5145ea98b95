using GridMap.Geo.GeoJson;
using GridMap.Geo.Projections;

namespace GridMap.Server.Http;

/// <summary>The datum of the coordinates in a question and its answer: shifted once on the way in and once on the way out, and always named.</summary>
public readonly record struct Datum(ChinaDatum Kind)
{
    public static readonly string[] Names = ["wgs84", "gcj02", "bd09"];

    public string Name => Names[(int)Kind];

    public static Datum Of(Question ask) => Of(ask.Get(Parameters.Coord));

    public static Datum Of(string? name) => ChinaOffset.TryParse(name, out var datum) ? new Datum(datum) : default;

    /// <summary>The place as it is stored: WGS 84 on the lattice of 1e-7°, so that a question and a stored point at one place meet exactly.</summary>
    public Place ToStored(double lon, double lat)
    {
        (lon, lat) = ChinaOffset.Shift(Kind, ChinaDatum.Wgs84)?.Invoke(lon, lat) ?? (lon, lat);
        return new Place(OnLattice(lon), OnLattice(lat));
    }

    public Place FromStored(double lon, double lat)
    {
        (lon, lat) = ChinaOffset.Shift(ChinaDatum.Wgs84, Kind)?.Invoke(lon, lat) ?? (lon, lat);
        return new Place(OnLattice(lon), OnLattice(lat));
    }

    public Place FromStored(Place stored) => FromStored(stored.Lon, stored.Lat);

    /// <summary>From what is stored to this datum; null where they are one.</summary>
    public CoordinateShift? FromStoredShift => ChinaOffset.Shift(ChinaDatum.Wgs84, Kind);

    private static double OnLattice(double degrees) => Math.Round(degrees * 1e7) / 1e7;
}
