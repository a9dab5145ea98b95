namespace GridMap.SampleCity.Incidents;

/// <summary>Moves a city's year to end at a given moment, so that a demonstration has a today.</summary>
public static class Calendar
{
    /// <summary>
    /// The same city with every date moved by whole weeks (weekdays and hours keep their rhythm) so that its year reaches
    /// <paramref name="now"/>; what would lie in the future is left out, and what would have been closed then is still in progress.
    /// A city whose year is not over by <paramref name="now"/> stays as it is.
    /// </summary>
    public static City UpTo(this City city, DateTimeOffset now)
    {
        var weeks = Math.Ceiling((now - City.IncidentsTo).TotalDays / 7);
        if (weeks <= 0) return city;
        var move = TimeSpan.FromDays(7 * weeks);
        return new City
        {
            Areas = city.Areas, Departments = city.Departments, Compounds = city.Compounds, Buildings = city.Buildings, PopulationCells = city.PopulationCells,
            Facilities = city.Facilities, Roads = city.Roads, Landscapes = city.Landscapes, IncidentCount = city.IncidentCount,
            Grids = city.Grids.Select(grid => grid with { ValidFrom = grid.ValidFrom + move, ValidTo = grid.ValidTo + move }).ToList(),
            Duties = city.Duties.Select(duty => duty with { ValidFrom = duty.ValidFrom + move, ValidTo = duty.ValidTo + move }).ToList(),
            PlantedHotspots = city.PlantedHotspots.Select(hotspot => hotspot with { From = hotspot.From + move, To = hotspot.To + move }).ToList(),
            Incidents = city.Incidents.Where(incident => incident.ReportedAt + move <= now).Select(incident => Moved(incident, move, now)),
        };
    }

    private static Incident Moved(Incident incident, TimeSpan move, DateTimeOffset now)
    {
        var reported = incident.ReportedAt + move;
        var stillOpen = incident.ClosedAt + move > now;
        return incident with
        {
            Number = reported.ToOffset(City.UtcOffset).ToString("yyyyMMdd") + incident.Number[8..],
            ReportedAt = reported,
            DueAt = incident.DueAt + move,
            ClosedAt = stillOpen ? null : incident.ClosedAt + move,
            Status = stillOpen ? "in-progress" : incident.Status,
            Steps = incident.Steps.Select(step => step with { At = step.At + move }).Where(step => step.At <= now).ToList(),
        };
    }
}
