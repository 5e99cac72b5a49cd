package apparmor

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/sl-suite/sl/lib/visible"
)

func TestLiteral(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{`/plain`, `/plain`},
		{`/a b`, `/a b`},
		{`/q"q`, `/q\"q`},
		{`/b\b`, `/b\134b`},
		{`/end\`, `/end\134`},
		{`/*?[]{}`, `/\*\?\[\]\{\}`},
		{`/@{HOME}`, `/@\{HOME\}`},
		{`/a" rw, /** rwx,`, `/a\" rw, /\*\* rwx,`},
		{"/latin\xe9", `/latin\351`},
		{"/\xff", `/\377`},
		{"/hé", "/hé"},
		{"/日本", "/日本"},
		{`/,#^$.!'()+|&;:<>~%=-`, `/,#^$.!'()+|&;:<>~%=-`},
	} {
		p, err := Literal(c.name)
		if err != nil || p.String() != c.text {
			t.Errorf("Literal(%q) = %q, %v; want %q", c.name, p, err, c.text)
		}
		if name, ok := p.Literal(); !ok || name != c.name {
			t.Errorf("%q is the name %q, %v", p, name, ok)
		}
	}
	for _, name := range []string{
		"", "/a\nb", "/a\x00b", "/a\x1b[31mb", "/a\x7fb", "/a\u0085b", "/a\u009bb", "/a\u202eb", "/a\u2066b", "/a\u2028b",
		"/" + strings.Repeat("x", MaxName),
	} {
		if p, err := Literal(name); err == nil {
			t.Errorf("Literal(%.40q) = %.40q", name, p)
		}
	}
}

// Every name becomes one file rule which means that name, or an error.
func TestHostileNames(t *testing.T) {
	names := rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`/[ "\\*?\[\]{}@,#^$a\n}]{0,20}`),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 40), func(b []byte) string { return "/" + string(b) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		name := names.Draw(t, "name")
		p, err := Literal(name)
		if err != nil {
			return
		}
		want := Rule{Body: File{Path: p, Access: Read}}
		got, err := Parse(want.Text())
		if !p.isPath() {
			if err == nil {
				t.Fatalf("relative name %q in rule %q", name, want.Text())
			}
			return
		}
		if err != nil || got != want {
			t.Fatalf("%q: %v, %#v", want.Text(), err, got)
		}
		if back, ok := got.Body.(File).Path.Literal(); !ok || back != name {
			t.Fatalf("%q became %q", name, back)
		}
	})
}

func TestJoin(t *testing.T) {
	folder, err := Literal("/home/u*/")
	if err != nil {
		t.Fatal(err)
	}
	proc, err := Variable("PROC")
	if err != nil {
		t.Fatal(err)
	}
	for text, p := range map[string]Pattern{
		`/home/u\*/*`:        folder.Join(AnyName()),
		`/home/u\*/**`:       folder.Join(AnyPath()),
		`@{PROC}/home/u\*/*`: proc.Join(folder).Join(AnyName()),
	} {
		if p.String() != text || p.check() != nil {
			t.Errorf("%q: %v, want %q", p, p.check(), text)
		}
		if name, ok := p.Literal(); ok {
			t.Errorf("%q is taken for the literal %q", p, name)
		}
	}
	for _, name := range []string{"", "1", "a b", "a}", "_a", "ä"} {
		if p, err := Variable(name); err == nil {
			t.Errorf("Variable(%q) = %q", name, p)
		}
	}
}

func TestOverlaps(t *testing.T) {
	for _, c := range []struct {
		p, q string
		want bool
	}{
		{"/a", "/a", true}, {"/a", "/b", false}, {"/a", "/ab", false}, {"/ab", "/a", false},
		{"/*", "/a", true}, {"/*", "/a/b", false}, {"/**", "/a/b", true}, {"/a*", "/a", true},
		{"/etc/*", "/etc/shadow*", true}, {"/et*", "/etc/shadow", false}, {"/**x", "/etc/**", true},
		{"/*/b", "/a/*", true}, {"/*/b", "/*/c", false}, {"/a**", "/**b", true},
	} {
		for _, pair := range [][2]string{{c.p, c.q}, {c.q, c.p}} {
			if got := (Pattern{pair[0]}).overlaps(pair[1]); got != c.want {
				t.Errorf("%s and %s: %v", pair[0], pair[1], got)
			}
			if got := (Pattern{pair[0]}).machine().meetsMachine(Pattern{pair[1]}.machine()); got != c.want {
				t.Errorf("%s and %s: %v by machines", pair[0], pair[1], got)
			}
		}
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		p, q string
		want bool
	}{
		{"/a", "/a", true}, {"/a", "/*", true}, {"/*", "/a", false}, {"/a/**", "/a/**", true}, {"/a/*", "/a/**", true}, {"/a/**", "/a/*", false},
		{"/a*b*", "/a*", true}, {"/a*/b", "/a*", false}, {"/a/**/b", "/a/**b", true}, {"/**", "/a/**", false}, {"/[ab]", "/*", true}, {"/[a/]", "/*", false},
		{"/{a,b}c", "/*c", true}, {"/{a,b/}c", "/*c", false}, {"/?", "/a", false}, {"/a?c", "/a*c", true}, {"/*", "/**", true}, {"/**", "/*", false},
		{"/*a", "/**a*", true}, {"/aa*", "/a*a*", true}, {"/a*", "/a*a*", false},
	} {
		m, err := newMachine(c.p)
		if err != nil {
			t.Fatal(err)
		}
		s, ok := newShape(c.q)
		if got := m.within(&s); got != c.want || !ok {
			t.Errorf("%s within %s: %v", c.p, c.q, got)
		}
	}
}

// For a literal there are three ways to the same answer.
func TestMatchesIsOverlapsWithLiteral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`/[ab/]{0,8}`).Draw(t, "name")
		pattern := rapid.StringMatching(`/([ab/]|a\*|b\*\*|/\*){0,5}`).Draw(t, "pattern")
		s, ok := newShape(pattern)
		if !ok {
			t.Skip("no pattern")
		}
		got := s.matches(name)
		if want := (Pattern{name}).overlaps(pattern); got != want {
			t.Fatalf("%s matches %s: %v, but overlaps it: %v", pattern, name, got, want)
		}
		if m := (Pattern{pattern}).machine(); m.accepts(name) != got {
			t.Fatalf("%s matches %s: %v, but its machine does not agree", pattern, name, got)
		}
	})
}

// A name that matches both patterns is found: names are made out of patterns by
// filling in their globs.
func TestOverlapsFindsCommonName(t *testing.T) {
	name := rapid.StringMatching(`[ab/]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		full := name.Draw(t, "name")
		blur := func(label string) Pattern {
			from := rapid.IntRange(0, len(full)).Draw(t, label+" from")
			to := rapid.IntRange(from, len(full)).Draw(t, label+" to")
			glob := "**"
			if !strings.Contains(full[from:to], "/") && rapid.Bool().Draw(t, label+" short") {
				glob = "*"
			}
			return Pattern{full[:from] + glob + full[to:]}
		}
		if p, q := blur("p"), blur("q"); !p.overlaps(q.text) {
			t.Fatalf("%s and %s both match %q", p, q, full)
		}
	})
}

// TestNoHiddenNames: no name with a character that does not show is in a rule, in
// whatever way it is written; the joiners are, since real names have them.
func TestNoHiddenNames(t *testing.T) {
	n := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		name := "/a" + string(r) + "b"
		_, err := Literal(name)
		if (err != nil) != visible.Hidden(r) {
			t.Errorf("%U: %v", r, err)
		}
		if err == nil {
			continue
		}
		n++
		octal := []byte("/a")
		for _, c := range []byte(string(r)) {
			octal = appendOctal(octal, c)
		}
		for _, escaped := range []string{name, string(octal) + "b"} {
			if _, err := Parse(`"` + escaped + `" r,`); err == nil {
				t.Errorf("%U: accepted %q", r, escaped)
			}
		}
	}
	t.Logf("%d characters refused", n)
}
