using Xunit;

namespace SpGpu.Common.Tests;

/// <summary>Text from elsewhere as it is shown.</summary>
public class VisibleTests
{
    [Theory]
    [InlineData("\e[31mred", @"\u001b[31mred")]
    [InlineData("a\0b\ac\bd\x7F", @"a\u0000b\u0007c\u0008d\u007f")]
    [InlineData("line\r\nend\tx\v\f", @"line\u000d\u000aend\u0009x\u000b\u000c")]
    [InlineData("\u0085\u009b31m\u009d0;t\u009c", @"\u0085\u009b31m\u009d0;t\u009c")]
    [InlineData("\u2028\u2029", @"\u2028\u2029")]
    [InlineData("\u202a\u202b\u202c\u202d\u202e", @"\u202a\u202b\u202c\u202d\u202e")]
    [InlineData("\u2066\u2067\u2068\u2069", @"\u2066\u2067\u2068\u2069")]
    [InlineData("\u200e\u200f\u061c", @"\u200e\u200f\u061c")]
    [InlineData("\ufeffa\u200b\u00ad\u2060\u206f\ufff9", @"\ufeffa\u200b\u00ad\u2060\u206f\ufff9")]
    [InlineData("\U000e0001", @"\udb40\udc01")]
    [InlineData("a\U000e0041\U000e0042b", @"a\udb40\udc41\udb40\udc42b")]
    [InlineData("a\u200db\u200c\u200d", @"a\u200db\u200c\u200d")]
    [InlineData("a\u3164\uffa0", @"a\u3164\uffa0")]
    public void What_a_terminal_obeys_or_nobody_sees_becomes_visible(string text, string shown) => Assert.Equal(shown, Visible.Of(text));

    [Fact]
    public void Halves_of_pairs_become_visible()
    {
        // Not as data of a theory: a runner may not carry them.
        Assert.Equal(@"\ud83d", Visible.Of("\ud83d"));
        Assert.Equal(@"\ude00x\ud83d", Visible.Of("\ude00x\ud83d"));
        Assert.Equal("😀" + @"\ude00", Visible.Of("😀\ude00"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(@"C:\users\müller\a b.png")]
    [InlineData("写真 한국어 ไทย עברית العربية हिन्दी")]
    [InlineData("e\u0301 n\u0303 o\u0308\u0323")]
    [InlineData("😀 👩‍👩‍👧 ❤️ 🇪🇺 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 👍🏽")]
    [InlineData("می‌خواهم ۝ ؀")]
    [InlineData("\ufffd \u00a0")]
    public void Letters_of_every_script_stay(string text) => Assert.Equal(text, Visible.Of(text));

    [Fact]
    public void Nothing_changes_the_second_time()
    {
        string once = Visible.Of("\e\u202e\u200d\ud83d😀\u200d\n\u200d");
        Assert.Equal(once, Visible.Of(once));
    }
}
