package visible

import (
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestHiddenIsUnicodes holds the table against Unicode's own properties, as Go has
// them, for every character there is.
func TestHiddenIsUnicodes(t *testing.T) {
	n := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		want := unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point,
			unicode.Variation_Selector, unicode.Noncharacter_Code_Point)
		if unicode.Is(unicode.Prepended_Concatenation_Mark, r) || r == 0x200c || r == 0x200d {
			want = false
		}
		if got := Hidden(r); got != want {
			t.Errorf("%U: hidden %v, want %v", r, got, want)
		}
		if want {
			n++
		}
	}
	t.Logf("%d of %d characters are hidden", n, unicode.MaxRune+1)
}

// TestEveryRuneEscaped: whatever the character, nothing hidden comes out, and the
// escape says which one it was.
func TestEveryRuneEscaped(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		s := "a" + string(r) + "b"
		got := Text(s)
		if !Is(got) || !utf8.ValidString(got) {
			t.Fatalf("%U becomes %q", r, got)
		}
		if Is(s) != (got == s) {
			t.Fatalf("%U: Is says %v, and it becomes %q", r, Is(s), got)
		}
		if again, err := strconv.Unquote(Quote(s)); err != nil || again != strings.ToValidUTF8(s, "\uFFFD") {
			t.Fatalf("%U: quoted %s, which is %q, %v", r, Quote(s), again, err)
		}
	}
	for c := 0x80; c < 0x100; c++ {
		if got, want := Text("a"+string([]byte{byte(c)})), `a\x`+strconv.FormatInt(int64(c), 16); got != want {
			t.Errorf("the byte %#x becomes %s", c, got)
		}
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"/var/log/kern.log": "/var/log/kern.log",
		"a\x1b[31mb":        `a\x1b[31mb`,
		"a\nb\tc":           `a\nb\tc`,
		`say "a\b"`:         `say "a\b"`,
		"\u202e":            `\u202e`,
		"a\u200bb":          `a\u200bb`,
		"\U000e0041":        `\U000e0041`,
		"\u3164\ufe0f":      `\u3164\ufe0f`,
		"\xff\x9b":          `\xff\x9b`,
		"é, ناموسی\u200cها, 👩\u200d🔧": "é, ناموسی\u200cها, 👩\u200d🔧",
	} {
		if got := Text(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

// TestQuoteIsUndone: a quoted text is one line, and Go reads it back.
func TestQuoteIsUndone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "s")
		q := Quote(s)
		if got, err := strconv.Unquote(q); err != nil || got != s || !Is(q) {
			t.Fatalf("%q is quoted as %s, which is %q, %v", s, q, got, err)
		}
	})
}

func BenchmarkHidden(b *testing.B) {
	for b.Loop() {
		Hidden('é')
	}
}
