using System.IO.Pipelines;
using System.Text;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Layers;

/// <summary>Memory and PostGIS give the same bytes, counts and next keys to the same question.</summary>
public sealed class BothWaysTests(SmallCity city) : IClassFixture<SmallCity>
{
    private const int Questions = 400;

    [DatabaseFact]
    public async Task Random_questions_have_the_same_answer_from_memory_and_from_PostGIS()
    {
        await city.Server.Loaded();
        await MoreShapes();
        var random = new Random(20261122);
        var (memory, features) = (0, 0L);
        foreach (var layer in city.Server.Service<LayerCatalog>().All)
        {
            for (var i = 0; i < Questions / 9; i++)
            {
                var question = Any(layer, random);
                var (mine, mineEnd, mineCount, copy) = await Ask(question, city.Server.Copies.Find(layer));
                var (theirs, theirEnd, theirCount, _) = await Ask(question, null);
                copy.ShouldNotBeNull();
                mine.ShouldBe(theirs, $"{layer.Name}: {FeatureSql.Rows(question).Fingerprint()}");
                mineEnd.Returned.ShouldBe(theirEnd.Returned);
                (mineEnd.Next?.Id).ShouldBe(theirEnd.Next?.Id);
                (mineEnd.Next?.Values ?? []).ShouldBe(theirEnd.Next?.Values ?? []);
                mineCount.ShouldBe(theirCount, FeatureSql.Count(question).Fingerprint());
                memory++;
                features += mineEnd.Returned;
            }
        }
        memory.ShouldBeGreaterThanOrEqualTo(390);
        features.ShouldBeGreaterThan(1000);
    }

    [DatabaseFact]
    public async Task Boxes_whose_edges_lie_on_borders_and_corners_choose_the_same_features()
    {
        await city.Server.Loaded();
        await MoreShapes();
        var random = new Random(7);
        var chosen = 0L;
        foreach (var name in new[] { "grids", "landscapes", "roads", "buildings" })
        {
            var layer = city.Server.Service<LayerCatalog>().Find(name)!;
            for (var i = 0; i < 60; i++)
            {
                // Multiples of a thousandth of a degree: the corners of the city's own shapes.
                double West() => 119.94 + (random.Next(0, 60) * 0.0005);
                double South() => 31.77 + (random.Next(0, 60) * 0.0005);
                var (west, south) = (Math.Round(West(), 7), Math.Round(South(), 7));
                var box = new Bbox(west, south, Math.Round(west + (random.Next(1, 20) * 0.0005), 7), Math.Round(south + (random.Next(1, 20) * 0.0005), 7));
                var question = new FeatureQuestion(layer, 1000) { Box = box, Properties = new HashSet<string>(), SkipGeometry = true };
                var mine = await Ask(question, city.Server.Copies.Find(layer));
                var theirs = await Ask(question, null);
                mine.Text.ShouldBe(theirs.Text, $"{name} {box}");
                chosen += mine.Count;
            }
        }
        chosen.ShouldBeGreaterThan(200);
    }

    [DatabaseFact]
    public async Task Small_and_large_pages_of_a_large_layer_are_the_same_pages()
    {
        await city.Server.Loaded();
        // Scattered, so that runs of ids lie all over the box; and in rows, so that they lie together.
        await city.Scratch.Execute("""
            INSERT INTO buildings (code, geom)
            SELECT 'many-' || n, ST_Multi(ST_MakeEnvelope(x, y, x + 0.0002, y + 0.0001, 4326))
            FROM generate_series(1, 9000) AS n, LATERAL (SELECT
                119.94 + CASE WHEN n < 5000 THEN (n * 7919 % 3000) ELSE n % 3000 END * 1e-5 AS x,
                31.77 + CASE WHEN n < 5000 THEN (n * 104729 % 3000) ELSE n / 3 END * 1e-5 AS y) AS at
            """);
        await city.Scratch.Execute("DELETE FROM buildings WHERE code LIKE 'many-%77'");
        await city.Server.Copies.CatchUp(CancellationToken.None);
        var layer = city.Server.Service<LayerCatalog>().Find("buildings")!;
        var random = new Random(11);
        var (pages, features) = (0, 0L);
        foreach (var limit in new[] { 1, 10, 700, 5000 })
        {
            for (var i = 0; i < 15; i++)
            {
                var (west, south, size) = (119.93 + (random.NextDouble() * 0.03), 31.76 + (random.NextDouble() * 0.03), random.NextDouble() * 0.04);
                var question = new FeatureQuestion(layer, limit)
                {
                    Box = i == 0 ? null : new Bbox(west, south, west + size, south + size), SkipGeometry = true, Properties = new HashSet<string> { "code" },
                    After = i % 3 == 2 ? FeatureKey.Of(random.Next(0, 9000)) : null, Offset = i % 5 == 4 ? random.Next(0, 3000) : 0,
                };
                var mine = await Ask(question, city.Server.Copies.Find(layer));
                var theirs = await Ask(question, null);
                mine.Text.ShouldBe(theirs.Text, $"{limit} {question.Box}");
                (mine.Count, mine.End.Returned, mine.End.Next?.Id).ShouldBe((theirs.Count, theirs.End.Returned, theirs.End.Next?.Id));
                (pages, features) = (pages + 1, features + mine.End.Returned);
            }
        }
        (pages, features > 5000).ShouldBe((60, true), $"{features} features");
    }

    [DatabaseFact]
    public async Task A_copy_of_the_recent_features_alone_gives_the_same_answers_as_PostGIS()
    {
        await city.Server.Loaded();
        var layer = city.Server.Layer("incidents");
        // Some have ended and some not, on both sides of the time.
        var since = await city.Server.Database.Scalar<DateTime>($"SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY reported_at) FROM incidents", default);
        var recent = (await LayerLoad.Whole(city.Server.Database, layer, since, _ => { }, default)).Copy with { Version = city.Server.Copies.Find(layer)!.Version };
        var whole = await city.Server.Database.Scalar<long>($"SELECT count(*) FROM incidents", default);
        ((long)recent.Count).ShouldBe(await city.Server.Database.Scalar<long>($"SELECT count(*) FROM incidents WHERE reported_at >= {since} OR closed_at IS NULL", default));
        ((long)recent.Count).ShouldBeInRange(whole / 4, whole - 5);
        var random = new Random(4);
        var (fromMemory, features) = (0, 0);
        for (var i = 0; i < 300; i++)
        {
            var question = Any(layer, random);
            question = random.Next(4) switch
            {
                0 => question with { Tests = [PropertyTest.Compare(layer.Column("reportedAt"), random.Next(2) == 0 ? TestKind.Greater : TestKind.GreaterOrEqual, since.AddDays(random.Next(-9, 9)))] },
                1 => question with { Tests = [PropertyTest.IsNull(layer.Column("closedAt"))] },
                2 => question with { Time = new TimeSpanAsked(since.AddHours(random.Next(-50, 50)), null) },
                _ => question,
            };
            var mine = await Ask(question, recent);
            var theirs = await Ask(question, null);
            mine.Text.ShouldBe(theirs.Text, FeatureSql.Rows(question).Fingerprint());
            (mine.Count, mine.End.Returned, mine.End.Next?.Id).ShouldBe((theirs.Count, theirs.End.Returned, theirs.End.Next?.Id));
            if (recent.HasAll(question)) fromMemory++;
            features += mine.End.Returned;
        }
        fromMemory.ShouldBeInRange(50, 250);
        features.ShouldBeGreaterThan(500);
        var view = View(layer, recent);
        foreach (var id in await city.Server.Database.Query($"SELECT id FROM incidents ORDER BY id", row => row.GetInt64(0), default))
            (await view.One(new FeatureQuestion(layer, 1), id, default)).ShouldBe(await View(layer, null).One(new FeatureQuestion(layer, 1), id, default));
        (await view.One(new FeatureQuestion(layer, 1), 987_654_321, default)).ShouldBeEmpty();
    }

    private async Task<(string Text, PageEnd End, long Count, LayerCopy? Copy)> Ask(FeatureQuestion question, LayerCopy? copy)
    {
        var view = View(question.Layer, copy);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var end = await view.Write(question, pipe.Writer, new PageWanted(",\"tail\":1", Counted: true), CancellationToken.None);
        await pipe.Writer.CompleteAsync();
        using var text = new StreamReader(pipe.Reader.AsStream(), Encoding.UTF8);
        return (await text.ReadToEndAsync(), end, end.Matched!.Value, copy);
    }

    private LayerView View(Layer layer, LayerCopy? copy) => new(city.Server.Database, city.Server.Copies, new LayerVersions(city.Server.Database, city.Server.Copies), new MatchCounts(), new PageRelay(), layer, copy?.Version ?? 0, copy,
        new FilterTime(TimeSpan.FromSeconds(60)));

    private static FeatureQuestion Any(Layer layer, Random random)
    {
        var (west, south) = (119.93 + (random.NextDouble() * 0.05), 31.76 + (random.NextDouble() * 0.05));
        var question = new FeatureQuestion(layer, random.Next(1, 60))
        {
            Box = random.Next(3) == 0 ? null : new Bbox(west, south, west + (random.NextDouble() * 0.03), south + (random.NextDouble() * 0.03)),
            After = random.Next(4) == 0 ? FeatureKey.Of(random.Next(0, 40)) : null,
            Offset = random.Next(4) == 0 ? random.Next(0, 20) : 0,
            SkipGeometry = random.Next(8) == 0,
            Properties = random.Next(4) == 0 ? layer.Columns.Where(_ => random.Next(2) == 0).Select(column => column.Name).ToHashSet() : null,
            Time = random.Next(3) == 0 ? new TimeSpanAsked(random.Next(3) == 0 ? null : At(random), DateTime.Parse("2026-05-01T00:00:00Z").ToUniversalTime()) : null,
            Ids = random.Next(8) == 0 ? Enumerable.Range(0, 20).Select(_ => (long)random.Next(1, 60)).ToList() : null,
            Shift = random.Next(8) == 0 ? (x, y) => (y, x) : null,
        };
        if (random.Next(3) == 0) question = question with { Tests = [Test(layer, random)] };
        if (random.Next(5) == 0) question = question with { Filter = Sql.Of($"t.id % {random.Next(2, 4)}::bigint = 0") };
        if (random.Next(5) == 0)
        {
            var sort = new SortBy(layer.Columns[random.Next(layer.Columns.Count)], random.Next(2) == 0);
            question = question with { Sort = [sort], After = null };
        }
        return question;
    }

    private static PropertyTest Test(Layer layer, Random random)
    {
        var column = layer.Columns[random.Next(layer.Columns.Count)];
        object value = column.Kind switch
        {
            ColumnKind.Text => column.Choices?[random.Next(column.Choices.Length)] ?? (random.Next(2) == 0 ? "E0102" : "B-0-0-1"),
            ColumnKind.Integer => (long)random.Next(0, 40),
            ColumnKind.Number => 18.5,
            ColumnKind.Flag => random.Next(2) == 0,
            _ => At(random),
        };
        return (TestKind)random.Next(8) switch
        {
            TestKind.IsNull => PropertyTest.IsNull(column),
            TestKind.NotNull => new PropertyTest(column, TestKind.NotNull, []),
            TestKind.In => PropertyTest.Equal(column, value),
            TestKind.NotIn => PropertyTest.NotIn(column, [value]),
            var kind when column.Kind == ColumnKind.Flag => PropertyTest.Equal(column, value),
            var kind => PropertyTest.Compare(column, kind, value),
        };
    }

    private static DateTime At(Random random) => new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(random.Next(0, 300));

    // Slanted borders, holes, texts that JSON must escape, values that are not there.
    private Task MoreShapes() => city.Scratch.Execute("""
        INSERT INTO landscapes (code, name, kind, geom)
        SELECT 'L' || n, CASE n % 3 WHEN 0 THEN 'quote " back \ tab' || chr(9) WHEN 1 THEN '湖 🌊 <b>&' ELSE '' END, 'water',
               ST_Multi(ST_Difference(ST_Buffer(p, 0.002, 5), ST_Buffer(p, 0.001, 3)))
        FROM generate_series(1, 40) AS n, LATERAL (SELECT ST_SetSRID(ST_MakePoint(119.94 + n * 0.00071, 31.77 + (n * 7 % 40) * 0.00073), 4326) AS p) AS at
        ON CONFLICT DO NOTHING;
        INSERT INTO roads (code, name, class, walkable, layer, geom)
        SELECT 'R' || n, 'road ' || n, 'lane', n % 2 = 0, n % 5 - 2, ST_SetSRID(ST_MakeLine(ARRAY[ST_MakePoint(119.94 + n * 0.0005, 31.77), ST_MakePoint(119.955, 31.77 + n * 0.0005), ST_MakePoint(119.97, 31.80)]), 4326)
        FROM generate_series(1, 50) AS n ON CONFLICT DO NOTHING;
        INSERT INTO population_cells (code, residents, households, geom)
        SELECT 'C' || n, n * 7, CASE n % 2 WHEN 0 THEN n END, ST_Multi(ST_MakeEnvelope(119.94 + n * 0.001, 31.77, 119.941 + n * 0.001, 31.771, 4326))
        FROM generate_series(1, 25) AS n ON CONFLICT DO NOTHING;
        UPDATE buildings SET height_metres = 3.1 * id WHERE id % 3 = 0 AND id < 100;
        UPDATE buildings SET height_metres = 18.5 WHERE id % 3 = 1;
        DELETE FROM buildings WHERE id = 12;
        """);
}
