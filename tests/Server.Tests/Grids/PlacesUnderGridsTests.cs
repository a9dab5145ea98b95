using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Grids;

/// <summary>Whatever boundaries come and go, each building and facility has the grid that <c>base_grid_at</c> gives it.</summary>
public sealed class PlacesUnderGridsTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseFact]
    public async Task All_places_at_once_get_what_each_alone_would_get()
    {
        // Some stand on borders and corners, which belong to the lowest code; some outside every grid.
        await city.Scratch.Execute("""
            INSERT INTO buildings (code, geom)
            SELECT 'border-' || n, ST_Multi(ST_Expand(ST_SetSRID(ST_MakePoint(119.94 + (n % 7) * 0.005, 31.77 + (n / 7) * 0.005), 4326), 0.0001)) FROM generate_series(0, 48) AS n;
            INSERT INTO facilities (code, name, type, geom)
            SELECT 'border-' || n, 'f', 'pharmacy', ST_SetSRID(ST_MakePoint(119.94 + (n % 7) * 0.005, 31.77 + (n / 7) * 0.005), 4326) FROM generate_series(0, 48) AS n;
            """);
        (await Wrong()).ShouldBe(0, "as written");
        await city.Scratch.Execute("UPDATE buildings SET grid_id = (id % 9) + 1; UPDATE facilities SET grid_id = NULL");
        (await Wrong()).ShouldBeGreaterThan(80);
        await city.Scratch.Execute("SELECT place_under_grids(ST_Collect(geom)) FROM areas WHERE level = 'city'");
        (await Wrong()).ShouldBe(0, "found again");
        (await city.Scratch.Scalar<long>("SELECT count(*) FROM buildings WHERE grid_id IS NOT NULL")).ShouldBeGreaterThan(SmallCity.Buildings + 20);

        // A grid that ends leaves nobody behind; its successor, made in the same transaction, is looked at once.
        await city.Scratch.Execute("""
            BEGIN;
            SET LOCAL gridmap.grids_later = 'on';
            UPDATE grids SET valid_to = now() WHERE id = 1;
            INSERT INTO grids (net_id, code, name, kind, area_id, valid_from, geom) SELECT net_id, code, name, kind, area_id, now(), geom FROM grids WHERE id = 1;
            SELECT place_under_grids(geom) FROM grids WHERE id = 1;
            COMMIT
            """);
        (await Wrong()).ShouldBe(0, "published");
        (await city.Scratch.Scalar<long>("SELECT count(*) FROM buildings WHERE grid_id = 1")).ShouldBe(0);
        await city.Scratch.Execute("UPDATE grids SET valid_to = now() WHERE id = 2");
        (await Wrong()).ShouldBe(0, "ended");
        (await city.Scratch.Scalar<string>("SELECT coalesce(current_setting('gridmap.bulk', true), '')")).ShouldBe("");
    }

    private Task<long> Wrong() => city.Scratch.Scalar<long>("""
        SELECT (SELECT count(*) FROM buildings WHERE grid_id IS DISTINCT FROM base_grid_at(centre, now()))
             + (SELECT count(*) FROM facilities WHERE grid_id IS DISTINCT FROM base_grid_at(geom, now()))
        """);
}
