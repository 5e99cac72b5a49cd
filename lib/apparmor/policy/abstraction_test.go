package policy

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sl-suite/sl/lib/apparmor"
)

// What Allowing says of all abstractions together is what a profile says that
// includes one of them.
func TestAllowingIsDeciding(t *testing.T) {
	const dir = "/etc/apparmor.d"
	if _, err := os.Stat(dir + "/abstractions/base"); err != nil {
		t.Skip("no AppArmor policy is installed here: ", err)
	}
	files := readAll(t, dir)
	p := New(dir, files)
	alone := make(map[string]*Profile)
	for _, a := range p.Abstractions() {
		with := maps.Clone(files)
		with["alone"] = "include <tunables/global>\nprofile abstractions { include <" + a.Name + "> }"
		alone[a.Name] = New(dir, with).Profile("abstractions")
	}
	if len(alone) < 20 {
		t.Fatalf("%d abstractions", len(alone))
	}
	allowed := 0
	for _, question := range slices.Concat(questions, realQuestions) {
		rule, err := apparmor.Parse(question)
		if err != nil {
			continue // the parser would take out an empty component
		}
		var got, want []string
		for _, a := range p.Allowing(rule) {
			got = append(got, a.Name)
		}
		for _, name := range slices.Sorted(maps.Keys(alone)) {
			if alone[name].Decide(rule).State == Allowed {
				want = append(want, name)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", question, diff)
		}
		allowed += len(got)
	}
	if allowed == 0 {
		t.Error("no abstraction allows anything")
	}
}

// A file is counted once, however often it is included, and what stands in a
// block keeps the qualifiers of the block.
func TestAbstractionSizes(t *testing.T) {
	p := New("/d", map[string]string{
		"abstractions/a":     "/a r, include <abstractions/b> include <abstractions/c> include if exists <abstractions/a.d>",
		"abstractions/b":     "/b r, include <abstractions/c> include <abstractions/a>",
		"abstractions/c":     "/c r, /c2 r,",
		"abstractions/d":     "deny { include <abstractions/c> }",
		"abstractions/a.d/x": "/x r,",
	})
	got := make(map[string]int)
	for _, a := range p.Abstractions() {
		got[a.Name] = a.Size
	}
	want := map[string]int{"abstractions/a": 5, "abstractions/b": 5, "abstractions/c": 2, "abstractions/d": 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	rule, err := apparmor.Parse(`"/c" r,`)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, a := range p.Allowing(rule) {
		names = append(names, a.Name)
	}
	if diff := cmp.Diff([]string{"abstractions/a", "abstractions/b", "abstractions/c"}, names); diff != "" {
		t.Error(diff)
	}
}
