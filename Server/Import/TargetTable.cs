namespace GridMap.Server.Import;

public enum ColumnKind { Text, Integer, Number, Boolean, Time, Date }

public enum GeometryKind { None, Point, Line, Polygon }

/// <summary>
/// A column a profile may fill. <see cref="Name"/> is the profile's word, <see cref="Column"/> the database's. <see cref="Default"/> is written where
/// the source is empty and the column may not be; a required column refuses the row instead. <see cref="Allowed"/> mirrors the table's CHECK.
/// </summary>
public sealed record TargetColumn(
    string Name, string Column, ColumnKind Kind, bool Required = false, string? Default = null, string[]? Allowed = null, double? Minimum = null, double? Maximum = null,
    string? Catalogue = null, int MaximumLength = 2000)
{
    public string SqlType => Kind switch
    {
        ColumnKind.Integer => "integer",
        ColumnKind.Number => "double precision",
        ColumnKind.Boolean => "boolean",
        ColumnKind.Time => "timestamptz",
        ColumnKind.Date => "date",
        _ => "text",
    };
}

/// <summary>A word of the profile that is looked up as a row of another table: <c>areaCode</c> fills <c>area_id</c>.</summary>
public sealed record TargetReference(string Name, string Column, string Table, bool Required);

public sealed record TargetRule(string Condition, string Reason);

/// <summary>A table an import can write: what the profile may fill, what identifies a row, and what the database would refuse.</summary>
public sealed record TargetTable(
    string Name,
    string Table,
    GeometryKind Geometry,
    string Key,
    IReadOnlyList<TargetColumn> Columns,
    IReadOnlyList<TargetReference> References,
    IReadOnlyList<TargetRule> Rules)
{
    public IEnumerable<string> FieldNames => Columns.Select(column => column.Name).Concat(References.Select(reference => reference.Name));

    public TargetColumn KeyColumn => Columns.First(column => column.Name == Key);

    private const int Short = 200;

    public static IReadOnlyList<TargetTable> All { get; } =
    [
        new("areas", "areas", GeometryKind.Polygon, "code",
            [
                Code, RequiredText("name"), Text("nameEn", "name_en"),
                new("level", "level", ColumnKind.Text, Required: true, Allowed: ["city", "district", "street", "community"]),
            ],
            [new("parentCode", "parent_id", "areas", Required: false)], []),
        new("departments", "departments", GeometryKind.None, "code",
            [Code, RequiredText("name"), Text("nameEn", "name_en")],
            [new("parentCode", "parent_id", "departments", Required: false)], []),
        new("grids", "grids", GeometryKind.Polygon, "code",
            [
                Code, RequiredText("name"), new("kind", "kind", ColumnKind.Text, Default: "base", Allowed: ["base", "special", "micro"]),
                People("households"), People("residents"),
            ],
            [new("net", "net_id", "nets", Required: true), new("areaCode", "area_id", "areas", Required: true)], []),
        new("duties", "duties", GeometryKind.None, "code",
            [
                Code, new("role", "role", ColumnKind.Text, Required: true, Allowed: ["leader", "grid-head", "grid-worker", "police", "volunteer"]),
                RequiredText("person") with { MaximumLength = Short }, Text("phone", "phone") with { MaximumLength = Short },
                new("gridCode", "grid_code", ColumnKind.Text, MaximumLength: Short),
                new("validFrom", "valid_from", ColumnKind.Time, Default: "-infinity"), new("validTo", "valid_to", ColumnKind.Time, Default: "infinity"),
            ],
            [new("net", "net_id", "nets", Required: false), new("areaCode", "area_id", "areas", Required: false)],
            [
                new("(grid_code IS NULL) <> (area_id_text IS NULL)", "a duty needs either a gridCode or an areaCode"),
                new("grid_code IS NULL OR EXISTS (SELECT FROM grids JOIN nets ON nets.id = grids.net_id WHERE grids.code = grid_code AND nets.code = coalesce(net_id_text, 'base'))",
                    "gridCode is not a grid of the net"),
                new("valid_from < valid_to", "ends before it begins"),
            ]),
        new("compounds", "compounds", GeometryKind.Polygon, "code",
            [
                Code, RequiredText("name"), Text("nameEn", "name_en"), Text("propertyManager", "property_manager"),
                new("builtYear", "built_year", ColumnKind.Integer, Minimum: 0, Maximum: 2200),
            ],
            [new("areaCode", "area_id", "areas", Required: false)], []),
        new("buildings", "buildings", GeometryKind.Polygon, "code",
            [
                Code, Text("name", "name"), Text("address", "address"),
                new("use", "use", ColumnKind.Text, Default: "other",
                    Allowed: ["residential", "commercial", "office", "industrial", "education", "medical", "public", "mixed", "other"]),
                new("floors", "floors", ColumnKind.Integer, Minimum: 0, Maximum: 250),
                new("heightMetres", "height_metres", ColumnKind.Number, Minimum: 0, Maximum: 1200),
                Inhabitants("households"), Inhabitants("residents"), Inhabitants("elderly"), Inhabitants("children"),
            ],
            [new("compoundCode", "compound_id", "compounds", Required: false)],
            [new("elderly + children <= residents", "elderly and children are more than the residents")]),
        new("population-cells", "population_cells", GeometryKind.Polygon, "code",
            [
                Code, People("residents") with { Required = true }, People("households"), People("elderly"), People("children"),
                new("countedOn", "counted_on", ColumnKind.Date),
            ], [], []),
        new("facilities", "facilities", GeometryKind.Point, "code",
            [
                Code, RequiredText("name"), Text("nameEn", "name_en"),
                new("type", "type", ColumnKind.Text, Required: true, Catalogue: "facility-types"),
                Text("tier", "tier"), Text("address", "address"), Text("openingHours", "opening_hours"), Text("serviceItems", "service_items"),
                new("capacity", "capacity", ColumnKind.Integer, Minimum: 0), Text("phone", "phone"),
            ], [], []),
        new("incidents", "incidents", GeometryKind.Point, "number",
            [
                new("number", "number", ColumnKind.Text, Required: true, MaximumLength: Short),
                new("category", "category", ColumnKind.Text, Required: true, Catalogue: "incident-categories"),
                new("source", "source", ColumnKind.Text, Default: "import", Allowed: ["grid-worker", "hotline", "public", "camera", "department", "import"]),
                new("status", "status", ColumnKind.Text, Default: "reported",
                    Allowed: ["reported", "accepted", "assigned", "in-progress", "solved", "closed", "rejected"]),
                new("severity", "severity", ColumnKind.Text, Default: "normal", Allowed: ["low", "normal", "high", "urgent"]),
                Text("title", "title"), Text("description", "description") with { MaximumLength = 20_000 }, Text("address", "address"),
                new("outsideNumber", "outside_number", ColumnKind.Text, MaximumLength: Short),
                new("reportedAt", "reported_at", ColumnKind.Time, Required: true),
                new("dueAt", "due_at", ColumnKind.Time), new("closedAt", "closed_at", ColumnKind.Time),
            ],
            [new("departmentCode", "department_id", "departments", Required: false)],
            [
                new("closed_at >= reported_at", "closed before it was reported"),
                new("(status IN ('closed', 'rejected')) = (closed_at IS NOT NULL)", "closed or rejected must have a closing time, and no other status may"),
                new("due_at >= reported_at", "due before it was reported"),
            ]),
        new("roads", "roads", GeometryKind.Line, "code",
            [
                Code, Text("name", "name"), Text("nameEn", "name_en"),
                new("class", "class", ColumnKind.Text, Required: true,
                    Allowed: ["expressway", "ring", "arterial", "collector", "lane", "footpath", "crossing", "steps", "cycleway", "other"]),
                Flag("walkable", "true"),
                new("walkDirection", "walk_direction", ColumnKind.Text, Default: "both", Allowed: ["both", "forward", "backward"]),
                new("walkFactor", "walk_factor", ColumnKind.Number, Minimum: 1, Maximum: 20),
                Flag("oneway", "false"), Flag("bridge", "false"), Flag("tunnel", "false"),
                new("layer", "layer", ColumnKind.Integer, Default: "0", Minimum: -20, Maximum: 20),
            ], [], []),
        new("landscapes", "landscapes", GeometryKind.Polygon, "code",
            [Code, Text("name", "name"), Text("nameEn", "name_en"), new("kind", "kind", ColumnKind.Text, Required: true, Allowed: ["water", "green", "square", "rail", "other"])], [], []),
    ];

    private static TargetColumn Code => new("code", "code", ColumnKind.Text, Required: true, MaximumLength: Short);

    private static TargetColumn RequiredText(string name) => new(name, name, ColumnKind.Text, Required: true);

    private static TargetColumn Text(string name, string column) => new(name, column, ColumnKind.Text, Default: "");

    private static TargetColumn Flag(string name, string value) => new(name, name, ColumnKind.Boolean, Default: value);

    private static TargetColumn People(string name) => new(name, name, ColumnKind.Integer, Minimum: 0);

    private static TargetColumn Inhabitants(string name) => new(name, name, ColumnKind.Integer, Default: "0", Minimum: 0);
}
