using GridMap.SampleCity;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.SampleCities;

/// <summary>Writes a sample city into an empty database, in one transaction. The tables' checks and foreign keys apply to every row.</summary>
internal static class CityWriter
{
    public static async Task<bool> IsEmpty(NpgsqlConnection connection, CancellationToken cancellation) =>
        !await connection.Scalar<bool>($"SELECT EXISTS (SELECT FROM city) OR EXISTS (SELECT FROM areas)", cancellation);

    public static async Task Write(NpgsqlConnection connection, City city, Action<string> say, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // A transaction of minutes: no limit of a statement's time applies to it, and the text indexes take their entries in large portions.
        await connection.Execute($"""
            SELECT set_config('gridmap.bulk', 'on', true), set_config('gridmap.actor', 'sample', true), set_config('statement_timeout', '0', true),
                   set_config('gin_pending_list_limit', '64MB', true), set_config('work_mem', '128MB', true)
            """, cancellation);
        await connection.Execute($"""
            INSERT INTO city (name, name_en, division_code, time_zone, metric_srid)
            VALUES ({City.Name}, {City.NameEn}, {City.DivisionCode}, {City.TimeZone}, {City.MetricSrid})
            """, cancellation);
        await connection.Copy("departments", "id, code, name, name_en, parent_id", city.Departments, (row, department) => row
            .Long(department.Id).Text(department.Code).Text(department.Name).Text(department.NameEn).Long(department.ParentId), say, cancellation);
        await WriteBorders(connection, city, say, cancellation);
        await WriteGround(connection, city, say, cancellation);
        await WriteIncidents(connection, city, say, cancellation);
        await SetSequences(connection, city.IncidentCount, cancellation);
        await transaction.CommitAsync(cancellation);
        await Analyze(connection, cancellation);
    }

    private static async Task WriteBorders(NpgsqlConnection connection, City city, Action<string> say, CancellationToken cancellation)
    {
        await connection.Copy("areas", "id, code, name, name_en, level, parent_id, geom", city.Areas, (row, area) => row
            .Long(area.Id).Text(area.Code).Text(area.Name).Text(area.NameEn).Text(LevelName(area.Level)).Long(area.ParentId)
            .Shape(LatticeGeometry.OfOutlines(area.Outlines)), say, cancellation);
        var nets = (await connection.Query($"SELECT code, id FROM nets", reader => (Code: reader.GetString(0), Id: reader.GetInt64(1)), cancellation))
            .ToDictionary(net => net.Code, net => net.Id);
        await connection.Copy("grids", "id, net_id, code, name, area_id, households, residents, valid_from, valid_to, geom", city.Grids, (row, grid) => row
            .Long(grid.Id).Long(nets[grid.Net]).Text(grid.Code).Text(grid.Name).Long(grid.AreaId).Int(grid.Households).Int(grid.Residents)
            .From(grid.ValidFrom).Until(grid.ValidTo).Shape(LatticeGeometry.OfOutlines(grid.Outlines)), say, cancellation);
        await connection.Copy("duties", "net_id, grid_code, area_id, role, person, phone, valid_from, valid_to", city.Duties, (row, duty) => row
            .Long(duty.Net is null ? null : nets[duty.Net]).Text(duty.GridCode).Long(duty.AreaId).Text(duty.Role).Text(duty.Person).Text(duty.Phone)
            .From(duty.ValidFrom).Until(duty.ValidTo), say, cancellation);
    }

    private static async Task WriteGround(NpgsqlConnection connection, City city, Action<string> say, CancellationToken cancellation)
    {
        await connection.Copy("compounds", "id, code, name, name_en, area_id, property_manager, built_year, geom", city.Compounds, (row, compound) => row
            .Long(compound.Id).Text(compound.Code).Text(compound.Name).Text(compound.NameEn).Long(compound.AreaId).Text(compound.PropertyManager)
            .Int(compound.BuiltYear).Shape(LatticeGeometry.OfRing(compound.Ring)), say, cancellation);
        // The generator knows the grid of every building and incident without doubt; asking again for each of a million takes minutes.
        await Derive(connection, byTriggers: false, cancellation);
        await connection.Copy("buildings", "id, code, name, address, use, floors, height_metres, households, residents, elderly, children, compound_id, grid_id, area_id, geom",
            city.Buildings, (row, building) => row
                .Long(building.Id).Text(building.Code).Text(building.Name).Text(building.Address).Text(building.Use).Int(building.Floors)
                .Double(building.HeightMetres).Int(building.Households).Int(building.Residents).Int(building.Elderly).Int(building.Children)
                .Long(building.CompoundId).Long(building.GridId).Long(building.AreaId).Shape(LatticeGeometry.OfRing(building.Ring, building.Court)), say, cancellation);
        await Derive(connection, byTriggers: true, cancellation);
        await connection.Copy("population_cells", "code, residents, households, elderly, children, counted_on, geom", city.PopulationCells, (row, cell) => row
            .Text(cell.Code).Int(cell.Residents).Int(cell.Households).Int(cell.Elderly).Int(cell.Children).Date(new(2025, 11, 1))
            .Shape(LatticeGeometry.OfRing(cell.Ring)), say, cancellation);
        await connection.Copy("facilities", "id, code, name, name_en, type, tier, address, opening_hours, service_items, capacity, phone, geom", city.Facilities, (row, facility) => row
            .Long(facility.Id).Text(facility.Code).Text(facility.Name).Text(facility.NameEn).Text(facility.Type).Text(facility.Tier).Text(facility.Address)
            .Text(facility.OpeningHours).Text(facility.ServiceItems).Int(facility.Capacity).Text(facility.Phone).Shape(LatticeGeometry.OfPoint(facility.Place)), say, cancellation);
        await connection.Copy("roads", "code, name, name_en, class, bridge, tunnel, layer, geom", city.Roads, (row, road) => row
            .Text(road.Code).Text(road.Name).Text(road.NameEn).Text(road.Class).Flag(road.Bridge).Flag(road.Tunnel).Int(road.Layer)
            .Shape(LatticeGeometry.OfLine(road.Line)), say, cancellation);
        await connection.Copy("landscapes", "code, name, name_en, kind, geom", city.Landscapes, (row, landscape) => row
            .Text(landscape.Code).Text(landscape.Name).Text(landscape.NameEn).Text(landscape.Kind).Shape(LatticeGeometry.OfRing(landscape.Ring)), say, cancellation);
    }

    private static async Task WriteIncidents(NpgsqlConnection connection, City city, Action<string> say, CancellationToken cancellation)
    {
        var steps = new List<(int Incident, IncidentStep Step)>();
        await Derive(connection, byTriggers: false, cancellation);
        await connection.Copy("incidents", "id, number, category, source, status, severity, title, description, address, outside_number, reported_at, due_at, closed_at, department_id, grid_id, area_id, geom",
            city.Incidents, (row, incident) =>
            {
                foreach (var step in incident.Steps) steps.Add((incident.Id, step));
                row.Long(incident.Id).Text(incident.Number).Text(incident.Category).Text(incident.Source).Text(incident.Status).Text(incident.Severity)
                    .Text(incident.Title).Text(incident.Description).Text(incident.Address).Text(incident.OutsideNumber).At(incident.ReportedAt)
                    .At(incident.DueAt).At(incident.ClosedAt).Long(incident.DepartmentId).Long(incident.GridId).Long(incident.AreaId).Shape(LatticeGeometry.OfPoint(incident.Place));
            }, say, cancellation);
        await Derive(connection, byTriggers: true, cancellation);
        await connection.Copy("incident_steps", "incident_id, at, actor, from_status, to_status, note", steps, (row, pair) => row
            .Long(pair.Incident).At(pair.Step.At).Text(pair.Step.Actor).Text(pair.Step.FromStatus).Text(pair.Step.ToStatus).Text(pair.Step.Note), say, cancellation);
    }

    private static async Task Derive(NpgsqlConnection connection, bool byTriggers, CancellationToken cancellation) =>
        await connection.Execute($"SELECT set_config('gridmap.bulk_derived', {(byTriggers ? "off" : "on")}, true)", cancellation);

    private static string LevelName(AreaLevel level) => level switch
    {
        AreaLevel.City => "city",
        AreaLevel.District => "district",
        AreaLevel.Street => "street",
        _ => "community",
    };

    /// <summary>The identities given here are taken: the next row gets a later one.</summary>
    private static async Task SetSequences(NpgsqlConnection connection, int incidents, CancellationToken cancellation)
    {
        await connection.Execute($"""
            SELECT setval(pg_get_serial_sequence('departments', 'id'), (SELECT max(id) FROM departments)),
                   setval(pg_get_serial_sequence('areas', 'id'), (SELECT max(id) FROM areas)),
                   setval(pg_get_serial_sequence('grids', 'id'), (SELECT max(id) FROM grids)),
                   setval(pg_get_serial_sequence('compounds', 'id'), (SELECT max(id) FROM compounds)),
                   setval(pg_get_serial_sequence('buildings', 'id'), (SELECT max(id) FROM buildings)),
                   setval(pg_get_serial_sequence('facilities', 'id'), (SELECT max(id) FROM facilities)),
                   setval(pg_get_serial_sequence('incidents', 'id'), {(long)incidents}),
                   setval('incident_numbers', {(long)incidents})
            """, cancellation);
    }

    private static async Task Analyze(NpgsqlConnection connection, CancellationToken cancellation) =>
        await connection.Execute($"""
            ANALYZE areas, grids, duties, compounds, buildings, population_cells, facilities, roads, landscapes, incidents, incident_steps, departments
            """, cancellation);
}
