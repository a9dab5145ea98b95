using GridMap.Server.Http;
using GridMap.Server.Walking;

namespace GridMap.Server.Routes;

/// <summary>A GeoJSON LineString (RFC 7946).</summary>
public sealed record LineShape(string Type, IReadOnlyList<double[]> Coordinates);

/// <summary>The facilities that are nearest on foot, nearest first.</summary>
/// <param name="MostMetres">Only those within this walk were looked for.</param>
/// <param name="Method">walking: over the network, door to door.</param>
/// <param name="AccessMetres">From the place straight to the nearest road; part of every distance.</param>
/// <param name="NoneReason">Why the list is empty: the reasons of coverage, or too-far where none is reached within the limit; null where it is not.</param>
/// <param name="OffNetwork">Facilities of the kind that no road is near to: they are not looked at.</param>
public sealed record Nearest(
    Place Place, string FacilityType, string? Tier, string? ServiceItem, string? OpenAt, double MostMetres, double AccessMetres, string? Profile, double MetresPerMinute, string Method, string Version, string Coord, int OffNetwork, string? NoneReason, IReadOnlyList<NearestFacility> Items);

/// <param name="Metres">On foot, door to door.</param>
/// <param name="StraightMetres">As the crow flies, geodesic.</param>
/// <param name="Route">From the place along the roads to the facility.</param>
public sealed record NearestFacility(
    long Id, string Name, string NameEn, string Type, string Tier, Place Place, double Metres, double Minutes, double StraightMetres, LineShape Route);

/// <summary>A question for distances between many places.</summary>
/// <param name="From">1 to 100 places, [longitude, latitude].</param>
/// <param name="To">As many.</param>
/// <param name="MostMinutes">Farther ones are null; as far as 10 km of walking when absent.</param>
public sealed record DistanceQuestion(
    IReadOnlyList<IReadOnlyList<double>> From, IReadOnlyList<IReadOnlyList<double>> To, string? Profile = null, double? MetresPerMinute = null, double? MostMinutes = null, string? Coord = null);

/// <summary>Metres on foot from every place to every other one; null where there is no way within the limit, or no road is near to one of the two.</summary>
/// <param name="FromOffNetwork">Numbers of the places, from 0, that no road is near to.</param>
public sealed record Distances(
    string? Profile, double MetresPerMinute, double MostMetres, string Version, IReadOnlyList<double?[]> Metres, IReadOnlyList<int> FromOffNetwork, IReadOnlyList<int> ToOffNetwork);
