package policy

import (
	"maps"
	"slices"
	"testing"
)

// A file of local additions belongs to the profile that alone includes it.
func TestLocals(t *testing.T) {
	p := New("/d", map[string]string{
		"tunables/global": "@{bin}=/usr/bin\n",
		"usr.sbin.nscd":   "profile nscd /usr/sbin/nscd { include if exists <local/usr.sbin.nscd>\n }",
		"two":             "profile a { include <local/b>\n include <local/a>\n include <local/c>\n }",
		"quoted":          "profile q { include \"/etc/apparmor.d/local/Q\"\n }",
		"usr.bin.own":     "include <tunables/global>\n@{bin}/own { #include <local/usr.bin.own>\n }",
		"shared":          "profile x { include <local/x>\n }\nprofile y { if true { include <local/x>\n } }",
		"family":          "profile p { include <local/p>\n profile kid { include <local/p>\n include <local/kid>\n } ^hat { include <local/hat>\n } owner { /o r, } }",
		"odd":             "profile o { include <local/../evil>\n include <local/.hidden>\n include <local/sub/file>\n include <local>\n }",
		"off":             "profile off { include <local/off>\n }",
		"disable/off":     "",
	})
	want := map[string]string{
		"nscd": "usr.sbin.nscd", "a": "a", "q": "Q", "/usr/bin/own": "usr.bin.own", "p//kid": "kid", "p//hat": "hat",
	}
	if got := p.Locals(); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	files := p.LocalFiles()
	for name, want := range map[string][]string{"x": {"x", "y"}, "p": {"p", "p//kid"}, "c": {"a"}, "off": nil} {
		if !slices.Equal(files[name], want) {
			t.Errorf("%s is included by %v, want %v", name, files[name], want)
		}
	}
}
