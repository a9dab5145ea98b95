using NetTopologySuite.Geometries;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests;

/// <summary>What is stored is bit for bit what GeoJSON, C# and people mean by the same decimals.</summary>
public sealed class LatticeTests(ScratchDatabase scratch) : IClassFixture<ScratchDatabase>
{
    [DatabaseFact]
    public async Task A_stored_coordinate_is_the_double_nearest_to_its_decimal()
    {
        var wrong = await scratch.Scalar<long>("""
            SELECT count(*) FROM (
                SELECT k / 1e7::float8 AS lat, tidy_other(ST_SetSRID(ST_MakePoint(119.97, k / 1e7::float8 + 3e-9), 4326)) AS point FROM generate_series(317000000, 318000000, 37) AS k
            ) AS tidied WHERE ST_Y(point) <> lat OR ST_X(point) <> 119.97 OR ST_SRID(point) <> 4326
            """);
        wrong.ShouldBe(0);
        var envelope = (await scratch.Database.QueryOne($"SELECT ST_AsBinary(tidy_polygon(ST_MakeEnvelope(119.94, 31.77, 119.97, 31.8, 4326)))",
            row => Databases.Wkb.Read(row.GetFieldValue<byte[]>(0)), CancellationToken.None))!.EnvelopeInternal;
        envelope.ShouldBe(new Envelope(119.94, 119.97, 31.77, 31.8));
    }
}
