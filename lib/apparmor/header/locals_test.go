package header

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTakers: whoever includes a file of local additions gets its rules, by whatever
// chain of includes.
func TestTakers(t *testing.T) {
	l := New("/d", map[string][]byte{
		"tunables/global":    []byte("@{bin}=/usr/bin\n"),
		"abstractions/x":     []byte("include <abstractions/y>\n"),
		"abstractions/y":     []byte("include if exists <local/deep>\n"),
		"abstractions/z.d/":  []byte(""),
		"abstractions/z.d/1": []byte(`include "local/site"` + "\n"),
		"nscd":               []byte("profile nscd /usr/sbin/nscd { include if exists <local/usr.sbin.nscd>\n }"),
		"own":                []byte("include <tunables/global>\n@{bin}/own { #include <local/usr.bin.own>\n include \"/d/local/q\"\n profile kid { include <local/kid> }\n }"),
		"far":                []byte("profile far { include <abstractions/x>\n include <local/far>\n }"),
		"near":               []byte("profile near { include\t<local/./near> include <abstractions/z.d>\n }"),
		"shared":             []byte("profile x { include <local/x>\n }\nprofile y { if $a { include <local/x>\n } }"),
		"family":             []byte("profile p { include <local/p>\n profile kid { include <local/p>\n include <local/kid2>\n } ^hat { include <local/hat>\n } }"),
		"off":                []byte("profile off { include <local/off>\n }"),
		"disable/off":        []byte(""),
	}).Locals()
	for file, want := range map[string][]string{
		"usr.sbin.nscd": {"nscd"}, "usr.bin.own": {"/usr/bin/own"}, "q": {"/usr/bin/own"}, "kid": {"/usr/bin/own//kid"},
		"deep": {"far"}, "far": {"far"}, "near": {"near"}, "site": {"near"}, "x": {"x", "y"}, "p": {"p", "p//kid"}, "hat": {"p//hat"},
		"off": nil, "nosuch": nil,
	} {
		if d := cmp.Diff(want, l.Takers(file)); d != "" {
			t.Errorf("%s: %s", file, d)
		}
	}
	for profile, want := range map[string][]string{"nscd": {"usr.sbin.nscd"}, "/usr/bin/own": {"q", "usr.bin.own"}, "far": {"deep", "far"}, "x": nil, "p": nil, "p//kid": {"kid2"}} {
		if d := cmp.Diff(want, l.Own[profile]); d != "" {
			t.Errorf("%s: %s", profile, d)
		}
	}
	if !l.Profiles["p//hat"] || l.Profiles["off"] || len(l.Profiles) != 10 {
		t.Errorf("profiles %v", l.Profiles)
	}
	if len(l.Unclear) != 0 {
		t.Errorf("unclear: %q", l.Unclear)
	}
}

// TestTakersStandAround: the rules are those of the profile in whose block the include
// stands, whoever includes the file with that block; and outside of all no rule may be.
func TestTakersStandAround(t *testing.T) {
	l := New("/d", map[string][]byte{
		"a":               []byte("include <tunables/global>\nprofile a { include <a.d>\n }"),
		"a.d/hat":         []byte("^hat { include <local/hat>\n }\n include <local/both>\n"),
		"b":               []byte("include <sub/z>\n profile b { }"),
		"sub/z":           []byte("profile z { include <local/z>\n }"),
		"tunables/global": []byte("include if exists <local/tunables>\n"),
	}).Locals()
	for file, want := range map[string][]string{"hat": {"hat"}, "both": {"a"}, "z": {"z"}, "tunables": nil} {
		if d := cmp.Diff(want, l.Takers(file)); d != "" {
			t.Errorf("%s: %s", file, d)
		}
	}
	for file, want := range map[string]string{"hat": "", "both": "", "z": "", "tunables": "a", "nosuch": ""} {
		if got := l.Outside(file); got != want {
			t.Errorf("%s: included outside by %q, want %q", file, got, want)
		}
	}
}

// TestTakersOfFolder: who includes the folder gets all of its files.
func TestTakersOfFolder(t *testing.T) {
	l := New("/d", map[string][]byte{
		"a": []byte("profile a { include <local>\n }"), "b": []byte("profile b { include <local/b>\n }"), "c": []byte("profile c { include \"/d/local/\"\n }"),
	}).Locals()
	for _, file := range []string{"b", "new"} {
		want := []string{"a", "b", "c"}
		if file == "new" {
			want = []string{"a", "c"}
		}
		if got := l.Takers(file); !slices.Equal(got, want) {
			t.Errorf("%s: %q", file, got)
		}
	}
	if len(l.Own) != 0 {
		t.Errorf("own files %v", l.Own)
	}
}

// TestUnclear: what could not be read or followed may include anything.
func TestUnclear(t *testing.T) {
	l := New("/d", map[string][]byte{
		"clear": []byte("profile clear { include <local/clear>\n include <abstractions/nosuch>\n }"),
		"none":  nil, "torn": []byte("profile torn {"), "variable": []byte("profile v { include <@{x}>\n }"),
		"far": []byte("profile far { include <abstractions/base>\n }"), "abstractions/base": nil,
		"below": []byte("profile below { include <closed/x/y>\n }"), "closed": nil,
		"absolute": []byte("profile absolute { include \"/elsewhere\"\n }"),
	}).Locals()
	if d := cmp.Diff([]string{"absolute", "below", "closed", "far", "none", "torn", "variable"}, l.Unclear); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"clear"}, l.Own["clear"]); d != "" {
		t.Error(d)
	}
}
