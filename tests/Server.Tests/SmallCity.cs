using Xunit;

namespace GridMap.Server.Tests;

/// <summary>
/// A server over a city small enough to reckon in the head (<c>IClassFixture&lt;SmallCity&gt;</c>).
/// <para>
/// <b>Place.</b> A square of 0.03° at lon 119.94–119.97, lat 31.77–31.80, cut into 3 × 3 base grids of 0.01°: row 0 is south, column 0 west.
/// Column 0 is community 1, column 1 community 2 (both of street 1), column 2 community 3 (of street 2). One district, one city.
/// <see cref="GridId"/>(row, column) is 1…9 (row × 3 + column + 1); its code is its community's code + "00" + (row + 1).
/// Before 2025 (since 2020) each community was one grid, ids 11, 12, 13, code community + "900".
/// A special grid (id 20) lies over the centre of the centre grid; police grids 31 (columns 0–1) and 32 (column 2).
/// </para>
/// <para>
/// <b>People.</b> Every base grid holds 4 residential buildings at 0.002° and 0.008° from its south-west corner in both directions, each a square of
/// 0.0002° around its centre with 10 households, 30 residents, 6 elderly, 4 children: 36 buildings, 360 households, 1,080 residents in all,
/// and an office without residents in the very centre (119.955, 31.785): 37 buildings. The compound 桂花苑 covers the 4 buildings of grid 1.
/// Building codes are B-row-column-n, n = 1…4 (south-west, south-east, north-west, north-east).
/// </para>
/// <para>
/// <b>Facilities.</b> 1: party-centre (tier "street") in the very centre. 2: party-station 0.001° north of building B-0-0-1. 3: pharmacy at the middle of grid 9.
/// </para>
/// <para>
/// <b>Incidents.</b> In March 2026 grid id g has g of them, k = 0…g−1: 45 in all, reported on the g-th at 08:00 + k hours (Shanghai), k × 0.0002° east of the
/// grid's middle, category E0102 for even k and C0101 for odd k. By k mod 3: 0 closed a day later, due after two;
/// 1 reported, without a due time; 2 in progress, due after a day, so overdue. In February one a grid, on the 10th, category E0102, closed and never due.
/// </para>
/// </summary>
public sealed class SmallCity : IAsyncLifetime
{
    public const double West = 119.94, South = 31.77, East = 119.97, North = 31.80, Step = 0.01;
    public const double CentreLon = 119.955, CentreLat = 31.785;
    public const long CityId = 1, DistrictId = 2, Street1Id = 3, Street2Id = 4, Community1Id = 5, Community2Id = 6, Community3Id = 7;
    public const int Buildings = 37, Households = 360, Residents = 1080;

    // Grids 1…9: ⌈g/3⌉ closed, ⌈(g−1)/3⌉ reported, ⌊g/3⌋ in progress.
    public const int MarchIncidents = 45, FebruaryIncidents = 9, ClosedInMarch = 18, ReportedInMarch = 15, OverdueInMarch = 12;

    public GridMapServer Server { get; } = new();

    public ScratchDatabase Scratch => Server.Scratch;

    public HttpClient Anyone => Server.Anyone;

    public static long GridId(int row, int column) => (row * 3) + column + 1;

    public static string CommunityCode(int column) => column < 2 ? $"32041100100{column + 1}" : "320411002001";

    public static string GridCode(int row, int column) => $"{CommunityCode(column)}00{row + 1}";

    public async Task InitializeAsync()
    {
        await Server.InitializeAsync();
        if (ScratchDatabase.ReasonToSkip is null) await Fill(Scratch);
    }

    public Task DisposeAsync() => Server.DisposeAsync();

    /// <summary>The city's rows, for a test that starts its own server.</summary>
    public static Task Fill(ScratchDatabase scratch) => scratch.Execute(Rows);

    /// <summary>The same in a migrated database that the test keeps itself.</summary>
    public static async Task Fill(Npgsql.NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand(Rows);
        await command.ExecuteNonQueryAsync();
    }

    private const string Rows = """
        INSERT INTO city (name, name_en, division_code, time_zone, metric_srid) VALUES ('小城', 'Small City', '320411', 'Asia/Shanghai', 4549);

        INSERT INTO areas (id, code, name, name_en, level, parent_id, geom) VALUES
            (1, '320400', '小城市', 'Small City', 'city', NULL, ST_Multi(ST_MakeEnvelope(119.94, 31.77, 119.97, 31.80, 4326))),
            (2, '320411', '中心区', 'Central District', 'district', 1, ST_Multi(ST_MakeEnvelope(119.94, 31.77, 119.97, 31.80, 4326))),
            (3, '320411001', '西街道', 'West Street', 'street', 2, ST_Multi(ST_MakeEnvelope(119.94, 31.77, 119.96, 31.80, 4326))),
            (4, '320411002', '东街道', 'East Street', 'street', 2, ST_Multi(ST_MakeEnvelope(119.96, 31.77, 119.97, 31.80, 4326))),
            (5, '320411001001', '桂花社区', 'Osmanthus', 'community', 3, ST_Multi(ST_MakeEnvelope(119.94, 31.77, 119.95, 31.80, 4326))),
            (6, '320411001002', '梅花社区', 'Plum', 'community', 3, ST_Multi(ST_MakeEnvelope(119.95, 31.77, 119.96, 31.80, 4326))),
            (7, '320411002001', '兰花社区', 'Orchid', 'community', 4, ST_Multi(ST_MakeEnvelope(119.96, 31.77, 119.97, 31.80, 4326)));

        INSERT INTO grids (id, net_id, code, name, kind, area_id, households, residents, valid_from, geom)
        SELECT r * 3 + c + 1, (SELECT id FROM nets WHERE code = 'base'), areas.code || '00' || r + 1, areas.name || '第' || r + 1 || '网格', 'base', areas.id,
               40, 120, '2025-01-01 00:00+08',
               ST_Multi(ST_MakeEnvelope(119.94 + c * 0.01, 31.77 + r * 0.01, 119.95 + c * 0.01, 31.78 + r * 0.01, 4326))
        FROM generate_series(0, 2) AS r, generate_series(0, 2) AS c JOIN areas ON areas.id = 5 + c;
        INSERT INTO grids (id, net_id, code, name, kind, area_id, valid_from, valid_to, geom)
        SELECT areas.id + 6, (SELECT id FROM nets WHERE code = 'base'), areas.code || '900', areas.name || '旧网格', 'base', areas.id,
               '2020-01-01 00:00+08', '2025-01-01 00:00+08', areas.geom
        FROM areas WHERE level = 'community';
        INSERT INTO grids (id, net_id, code, name, kind, area_id, valid_from, geom) VALUES
            (20, (SELECT id FROM nets WHERE code = 'base'), '320411001002990', '中心广场', 'special', 6, '2025-01-01 00:00+08',
             ST_Multi(ST_MakeEnvelope(119.954, 31.784, 119.956, 31.786, 4326))),
            (31, (SELECT id FROM nets WHERE code = 'police'), 'P1', '西警格', 'base', 3, '2020-01-01 00:00+08', ST_Multi(ST_MakeEnvelope(119.94, 31.77, 119.96, 31.80, 4326))),
            (32, (SELECT id FROM nets WHERE code = 'police'), 'P2', '东警格', 'base', 4, '2020-01-01 00:00+08', ST_Multi(ST_MakeEnvelope(119.96, 31.77, 119.97, 31.80, 4326)));

        INSERT INTO duties (net_id, grid_code, role, person, phone, valid_from, valid_to) VALUES
            ((SELECT id FROM nets WHERE code = 'base'), '320411001001001', 'grid-head', '王芳', '13800000001', '-infinity', 'infinity'),
            ((SELECT id FROM nets WHERE code = 'base'), '320411001001001', 'grid-worker', '李强', '13800000002', '2025-01-01', 'infinity'),
            ((SELECT id FROM nets WHERE code = 'base'), '320411001001001', 'grid-worker', '赵敏', '13800000003', '2020-01-01', '2025-01-01'),
            ((SELECT id FROM nets WHERE code = 'police'), 'P1', 'police', '张警官', '13800000004', '-infinity', 'infinity');
        INSERT INTO duties (area_id, role, person, phone) VALUES (5, 'leader', '陈主任', '13800000005');

        INSERT INTO compounds (id, code, name, name_en, area_id, geom) VALUES
            (1, 'X-1', '桂花苑', 'Osmanthus Court', 5, ST_Multi(ST_MakeEnvelope(119.941, 31.771, 119.949, 31.779, 4326)));
        INSERT INTO buildings (code, name, address, use, floors, households, residents, elderly, children, compound_id, geom)
        SELECT 'B-' || r || '-' || c || '-' || n, n || '号楼', areas.name || r + 1 || '路' || n || '号', 'residential', 6, 10, 30, 6, 4,
               CASE WHEN r = 0 AND c = 0 THEN 1 END,
               ST_Multi(ST_MakeEnvelope(119.94 + c * 0.01 + x - 0.0001, 31.77 + r * 0.01 + y - 0.0001, 119.94 + c * 0.01 + x + 0.0001, 31.77 + r * 0.01 + y + 0.0001, 4326))
        FROM generate_series(0, 2) AS r, generate_series(0, 2) AS c JOIN areas ON areas.id = 5 + c,
             (VALUES (1, 0.002, 0.002), (2, 0.008, 0.002), (3, 0.002, 0.008), (4, 0.008, 0.008)) AS corner (n, x, y)
        ORDER BY r, c, n;
        INSERT INTO buildings (code, name, address, use, floors, geom) VALUES
            ('B-office', '行政中心', '中心路1号', 'office', 20, ST_Multi(ST_MakeEnvelope(119.9549, 31.7849, 119.9551, 31.7851, 4326)));

        INSERT INTO facilities (id, code, name, name_en, type, tier, address, geom) VALUES
            (1, 'F-1', '中心党群服务中心', 'Central service centre', 'party-centre', 'street', '中心路1号', ST_SetSRID(ST_MakePoint(119.955, 31.785), 4326)),
            (2, 'F-2', '桂花党群服务站', 'Osmanthus service station', 'party-station', 'community', '桂花路2号', ST_SetSRID(ST_MakePoint(119.942, 31.773), 4326)),
            (3, 'F-3', '兰花药店', 'Orchid pharmacy', 'pharmacy', '', '兰花路3号', ST_SetSRID(ST_MakePoint(119.965, 31.795), 4326));

        INSERT INTO departments (id, code, name, name_en) VALUES (1, 'cg', '城管局', 'City management'), (2, 'zj', '住建局', 'Housing and construction');

        INSERT INTO incidents (category, status, source, title, address, department_id, reported_at, due_at, closed_at, geom)
        SELECT CASE k % 2 WHEN 0 THEN 'E0102' ELSE 'C0101' END, (ARRAY['closed', 'reported', 'in-progress'])[k % 3 + 1],
               CASE k % 2 WHEN 0 THEN 'grid-worker' ELSE 'hotline' END, '三月' || g || '-' || k, '第' || g || '格' || k || '号', CASE k % 3 WHEN 2 THEN 1 END,
               at, CASE k % 3 WHEN 0 THEN at + interval '2 days' WHEN 2 THEN at + interval '1 day' END, CASE k % 3 WHEN 0 THEN at + interval '1 day' END,
               ST_SetSRID(ST_MakePoint(119.945 + (g - 1) % 3 * 0.01 + k * 0.0002, 31.775 + (g - 1) / 3 * 0.01), 4326)
        FROM generate_series(1, 9) AS g, generate_series(0, g - 1) AS k,
             LATERAL (SELECT timestamptz '2026-03-01 08:00+08' + (g - 1) * interval '1 day' + k * interval '1 hour') AS moment (at)
        ORDER BY g, k;
        INSERT INTO incidents (category, status, title, reported_at, closed_at, geom)
        SELECT 'E0102', 'closed', '二月' || g, '2026-02-10 08:00+08', '2026-02-11 08:00+08',
               ST_SetSRID(ST_MakePoint(119.945 + (g - 1) % 3 * 0.01, 31.775 + (g - 1) / 3 * 0.01), 4326)
        FROM generate_series(1, 9) AS g;

        SELECT setval(pg_get_serial_sequence(name, 'id'), 1000)
        FROM unnest(ARRAY['areas', 'grids', 'compounds', 'facilities', 'departments']) AS name;
        ANALYZE;
        """;
}
