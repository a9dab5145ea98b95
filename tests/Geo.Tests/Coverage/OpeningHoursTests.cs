using GridMap.Geo.Coverage;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Coverage;

public sealed class OpeningHoursTests
{
    [Theory]
    [InlineData("24/7", "Mo 00:00", true)]
    [InlineData("24/7", "Su 23:59", true)]
    [InlineData("Mo-Fr 08:30-17:30", "Mo 08:30", true)]
    [InlineData("Mo-Fr 08:30-17:30", "Mo 08:29", false)]
    [InlineData("Mo-Fr 08:30-17:30", "Fr 17:29", true)]
    [InlineData("Mo-Fr 08:30-17:30", "Fr 17:30", false)]
    [InlineData("Mo-Fr 08:30-17:30", "Sa 10:00", false)]
    [InlineData("Tu-Su 09:00-20:00", "Mo 10:00", false)]
    [InlineData("Sa-Mo 10:00-12:00", "Su 11:00", true)]
    [InlineData("Sa-Mo 10:00-12:00", "Mo 11:00", true)]
    [InlineData("Sa-Mo 10:00-12:00", "Tu 11:00", false)]
    [InlineData("Mo-Fr 08:00-12:00,13:00-18:00", "We 12:30", false)]
    [InlineData("Mo-Fr 08:00-12:00, 13:00-18:00", "We 13:30", true)]
    [InlineData("Mo,We,Fr 09:00-12:00", "Tu 10:00", false)]
    [InlineData("Mo, We, Fr 09:00-12:00", "We 10:00", true)]
    [InlineData("Fr-Sa 22:00-06:00", "Su 05:59", true)]
    [InlineData("Fr-Sa 22:00-06:00", "Mo 05:59", false)]
    [InlineData("Su 22:00-02:00", "Mo 01:00", true)]
    [InlineData("Mo 20:00-26:00", "Tu 01:59", true)]
    [InlineData("08:00-20:00; Su off", "Su 10:00", false)]
    [InlineData("08:00-20:00; Su 10:00-12:00", "Su 09:00", false)]
    [InlineData("08:00-20:00; Su 10:00-12:00", "Su 11:00", true)]
    [InlineData("Mo-Su 00:00-24:00", "Th 23:59", true)]
    [InlineData("Sa", "Sa 03:00", true)]
    [InlineData("off", "Mo 12:00", false)]
    [InlineData("8:00-9:30", "Mo 09:00", true)]
    public void Weeks_are_read_as_OpenStreetMap_means_them(string text, string moment, bool isOpen)
    {
        OpeningHours.TryRead(text, out var hours, out var reason).ShouldBeTrue(reason);
        hours!.IsOpen(OpeningHours.ReadMoment(moment)!.Value).ShouldBe(isOpen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("Mo-Fr 08:30+")]
    [InlineData("PH off")]
    [InlineData("Mo-Fr 08:30-17:30; PH off")]
    [InlineData("Apr-Oct 09:00-18:00")]
    [InlineData("sunrise-sunset")]
    [InlineData("Mo-Fr 25:00-26:00")]
    [InlineData("Mo-Fr 08:60-09:00")]
    [InlineData("Mo[1] 08:00-09:00")]
    [InlineData("Mo-Tu-We 08:00-09:00")]
    [InlineData("08:00-09:00 \"by appointment\"")]
    [InlineData("Mo-Fr 10:00-48:30")]
    [InlineData("Mo, ")]
    public void What_is_not_about_weekdays_and_times_is_refused_with_a_reason(string text)
    {
        OpeningHours.TryRead(text, out var hours, out var reason).ShouldBeFalse();
        hours.ShouldBeNull();
        reason.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("Mo")]
    [InlineData("20:00")]
    [InlineData("Xx 20:00")]
    [InlineData("Mo 24:00")]
    [InlineData("Mo 12:00 14:00")]
    public void A_moment_is_a_weekday_and_a_time(string text) => OpeningHours.ReadMoment(text).ShouldBeNull();

    [Fact]
    public void Any_text_is_read_or_refused()
    {
        var random = new Random(5);
        var letters = "MoTuWeThFrSaSu -,;:0123456789/off\"[]+";
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => letters[random.Next(letters.Length)]));
            if (!OpeningHours.TryRead(text, out var hours, out var reason)) reason.ShouldNotBeNull();
            else
            {
                hours!.IsOpen(random.Next(OpeningHours.MinutesOfWeek));
                read++;
            }
        }

        read.ShouldBeGreaterThan(0);
    }
}
