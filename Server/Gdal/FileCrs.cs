using System.Globalization;
using System.Text.RegularExpressions;
using GridMap.Geo.Projections;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Gdal;

/// <summary>The coordinate systems of files: GDAL turns them, so that any flat or geographic one of the EPSG registry will do, not only those that the layers speak.</summary>
public static partial class FileCrs
{
    /// <summary>The SRID of a name; null for longitude and latitude.</summary>
    /// <exception cref="Refused">There is no such system, or it is none of a map (vertical, geocentric, compound).</exception>
    public static async Task<int?> Of(NpgsqlConnection connection, string? name, string field, CancellationToken cancellation)
    {
        var errors = new List<FieldError>();
        var srid = await Of(connection, name, field, errors, cancellation);
        return errors.Count > 0 ? throw Refused.Fields(errors) : srid;
    }

    /// <summary>The same for a question of many fields: what is wrong is added to its errors.</summary>
    public static async Task<int?> Of(NpgsqlConnection connection, string? name, string field, List<FieldError> errors, CancellationToken cancellation)
    {
        if (name is null) return null;
        if (KnownCrs.TryParse(name, out var known)) return known == KnownCrs.Crs84 ? null : known.Srid;
        // PostGIS brings the registry along.
        if (Registered().Match(name) is { Success: true } match && int.TryParse(match.Groups["code"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var srid)
            && await connection.Scalar<bool>($"SELECT EXISTS (SELECT FROM spatial_ref_sys WHERE srid = {srid} AND auth_name = 'EPSG' AND auth_srid = {srid} AND (srtext LIKE 'PROJCS%' OR srtext LIKE 'GEOGCS%'))", cancellation))
            return srid;
        errors.Add(new FieldError(field, "crs.unknown", "a projected or geographic CRS of the EPSG registry, such as EPSG:4549"));
        return null;
    }

    [GeneratedRegex("^(EPSG:|https?://www\\.opengis\\.net/def/crs/EPSG/[0-9.]+/|urn:ogc:def:crs:EPSG:[0-9.]*:)(?<code>[0-9]{4,6})$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Registered();
}
