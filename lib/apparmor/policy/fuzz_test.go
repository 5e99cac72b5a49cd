package policy

import (
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/apparmor"
)

// FuzzPolicy reads anything as a profile and asks it about everything: nothing
// may panic, and the work is bounded.
func FuzzPolicy(f *testing.F) {
	f.Add(compiled)
	for _, text := range []string{
		"profile p { include <p> include if exists \"x\" #include <abstractions/base>\n}",
		"@{A}=@{B} @{B}\n@{B}=@{A}\nprofile p { @{A}/** rw, }",
		"profile p { if defined @{A} and not $B or (@{C} in @{D}) { /a r, } else if 1 <= 2 { /b r, } else { /c r, } }",
		"profile p { audit deny owner { /a r, } ^hat { /b w, } profile c { } hat h (complain) { } }",
		"profile p flags=(unconfined) { set rlimit nofile <= 1K, all, priority=-1 file, owner file rw /x, }",
		"profile p { mount options in (ro,bind) fstype={a,b} /x -> /y, remount /z, umount, pivot_root /a -> b, }",
		"profile p { /a{b,{c,d}}[^e-g]\\101?** rix -> q, link subset /a -> /b, }",
		"profile p { /{{{{{{{{{{{{", "}", "p {", "profile p { \"", "@{", "$x=true", "if {", "profile p { () = , }",
	} {
		f.Add(text)
	}
	var rules []apparmor.Rule
	for _, text := range questions {
		if r, err := apparmor.Parse(text); err == nil {
			rules = append(rules, r)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := New("/d", map[string]string{"p": text, "abstractions/a": text, "tunables/global": text})
		compileAll(p)
		p.Attached("/bin/true")
		for _, r := range rules {
			p.Allowing(r)
		}
		for _, profile := range p.profiles {
			for _, r := range rules {
				d := profile.Decide(r)
				if (d.State == Open) != (len(d.By) == 0) {
					t.Fatalf("%s: state %d by %v", r.Text(), d.State, d.By)
				}
			}
		}
		if len(p.Problems()) > maxProblems {
			t.Fatal("too many problems")
		}
	})
}

// FuzzGlob holds what is known about the beginning of the names against the
// expression: a name that matches has one of the heads.
func FuzzGlob(f *testing.F) {
	for _, s := range []string{"/a/*", "/a/**", "/{a,b{c,}}/x", "/[a-c]?", "/[^a]\\*\\101", "/{,x}", "/**/{a,b}*c", "/a\xff*"} {
		f.Add(s, "/a/b")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		g, err := newGlob(text)
		if err != nil || !g.match(encode(name)) {
			return
		}
		for _, h := range heads(g.seq) {
			if h.whole && encode(name) == h.text || !h.whole && strings.HasPrefix(encode(name), h.text) {
				return
			}
		}
		t.Fatalf("%q matches %q, which has none of its heads", text, name)
	})
}
