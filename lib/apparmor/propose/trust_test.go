package propose

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sl-suite/sl/lib/record"
)

// Whatever is mixed in that is believed less, wherever it stands, what is made of the
// kernel's lines is as it was: rules and notes, with all that they say.
func TestTrustForgedChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		options := Options{
			Parser: rapid.SampledFrom([]int{3, 4}).Draw(t, "parser"),
			Exec:   rapid.SampledFrom([]Exec{Ask, Inherit, OwnProfile}).Draw(t, "exec"),
			Glob:   rapid.SampledFrom([]int{0, 2, 3}).Draw(t, "glob"),
			Max:    rapid.SampledFrom([]int{0, 4}).Draw(t, "max"),

			SinceReload: rapid.Bool().Draw(t, "since reload"),
		}
		level := rapid.SampledFrom([]record.Trust{record.TrustLog, record.TrustDaemon, record.TrustKernel}).Draw(t, "level")
		var clean, mixed []*record.Event
		for _, ev := range rapid.SliceOfN(rapid.Custom(drawTrusted), 0, 25).Draw(t, "events") {
			mixed = append(mixed, ev)
			if ev.Trust >= level {
				clean = append(clean, ev)
			}
		}
		p, q := New(options), New(options)
		for _, ev := range clean {
			mustAdd(t, p.AddEvent(ev))
		}
		for _, ev := range rapid.Permutation(mixed).Draw(t, "order") {
			mustAdd(t, q.AddEvent(ev))
		}
		again := merge(t, options, q) // and so it is for those who read the rules
		check := func(q *Proposer, what string) {
			if diff := cmp.Diff(fromLevel(allRules(p), level, ruleTrust), fromLevel(allRules(q), level, ruleTrust), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s: rules: %s", what, diff)
			}
			if diff := cmp.Diff(fromLevel(allNotes(p), level, noteTrust), fromLevel(allNotes(q), level, noteTrust), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s: notes: %s", what, diff)
			}
		}
		check(q, "events")
		if options.Glob == 0 && options.Max == 0 && !options.SinceReload {
			check(again, "rules")
		}
	})
}

func ruleTrust(r record.Rule) record.Trust { return r.Evidence.Trust }
func noteTrust(n record.Note) record.Trust { return n.Evidence.Trust }

// fromLevel returns what has at least a level of trust.
func fromLevel[T any](list []T, level record.Trust, of func(T) record.Trust) []T {
	return slices.DeleteFunc(list, func(x T) bool { return of(x) < level })
}

// drawTrusted is drawEvent, with every level, several files of a folder, hosts, and
// messages that a profile was loaded.
func drawTrusted(t *rapid.T) *record.Event {
	ev := drawEvent(t)
	switch rapid.IntRange(0, 4).Draw(t, "what") {
	case 0:
		ev = event(t, "profile=p verdict=STATUS operation=profile_replace name="+rapid.SampledFrom([]string{"p", "q"}).Draw(t, "loaded"))
		ev.Time = "2026-01-01T12:00:00Z"
	case 1, 2:
		ev = event(t, fmt.Sprintf("%sprofile=p operation=open denied_mask=%s name=/srv/%d",
			rapid.SampledFrom([]string{file, own}).Draw(t, "owner"), rapid.SampledFrom([]string{"r", "rw", "a"}).Draw(t, "mask"),
			rapid.IntRange(0, 4).Draw(t, "file")))
		ev.Time = rapid.SampledFrom([]string{"", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"}).Draw(t, "time")
	}
	ev.Trust = record.Trust(rapid.IntRange(0, 3).Draw(t, "trust"))
	ev.Host = rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "host")
	return ev
}

// A forged line adds a rule of its own: its letters, its count, its trust.
func TestTrustForgedRule(t *testing.T) {
	p := New(Options{})
	add := func(trust record.Trust, mask, name string, count uint64) {
		t.Helper()
		ev := event(t, file+"operation=open denied_mask="+mask+" name="+name)
		ev.Trust, ev.Count = trust, count
		if err := p.AddEvent(ev); err != nil {
			t.Fatal(err)
		}
	}
	add(record.TrustLog, "rw", "/x", 7)
	add(record.TrustKernel, "r", "/x", 2)
	add(record.TrustKernel, "k", "/x", 1)
	add(record.TrustLog, "w", "/etc/shadow", 1)
	var got []string
	for _, r := range allRules(p) {
		got = append(got, fmt.Sprint(r.Text, " ", r.Evidence.Trust, " ", r.Evidence.Count))
	}
	want := []string{`"/etc/shadow" w, log 1`, `"/x" rk, kernel 3`, `"/x" rw, log 7`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A rule for a folder needs its files at that level or above.
func TestTrustGlob(t *testing.T) {
	for name, c := range map[string]struct {
		kernel, log []string
		want        []string
	}{
		"forged":          {[]string{"/srv/a"}, []string{"/srv/b", "/srv/c"}, []string{`"/srv/*" r, log`, `"/srv/a" r, kernel`}},
		"the kernel's":    {[]string{"/srv/a", "/srv/b", "/srv/c"}, []string{"/srv/d"}, []string{`"/srv/*" r, kernel`, `"/srv/*" r, log`}},
		"the same file":   {[]string{"/srv/a"}, []string{"/srv/a", "/srv/b"}, []string{`"/srv/a" r, kernel`, `"/srv/a" r, log`, `"/srv/b" r, log`}},
		"another letter":  {[]string{"/srv/a", "/srv/b", "/srv/c"}, []string{"w/srv/d"}, []string{`"/srv/*" r, kernel`, `"/srv/d" w, log`}},
		"nothing of some": {nil, []string{"/srv/a", "/srv/b", "/srv/c"}, []string{`"/srv/*" r, log`}},
	} {
		p := New(Options{Glob: 3})
		for trust, list := range map[record.Trust][]string{record.TrustKernel: c.kernel, record.TrustLog: c.log} {
			for _, path := range list {
				mask := "r"
				if path[0] == 'w' {
					mask, path = "w", path[1:]
				}
				ev := event(t, file+"operation=open denied_mask="+mask+" name="+path)
				ev.Trust = trust
				if err := p.AddEvent(ev); err != nil {
					t.Fatal(err)
				}
			}
		}
		var got []string
		for _, r := range allRules(p) {
			got = append(got, r.Text+" "+r.Evidence.Trust.String())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// What a container loads into its own namespace mends nothing outside.
func TestTrustLoadedElsewhere(t *testing.T) {
	for ns, want := range map[string]int{"": 0, "root": 0, "root//lxd-c1": 1, "x": 1} {
		p := New(Options{SinceReload: true})
		ev := event(t, file+"profile=p operation=open denied_mask=r name=/x")
		ev.Time, ev.Trust = "2026-01-01T00:00:00Z", record.TrustKernel
		load := event(t, "verdict=STATUS operation=profile_replace profile=unconfined name=p namespace="+ns)
		load.Time, load.Trust = "2026-01-02T00:00:00Z", record.TrustKernel
		for _, ev := range []*record.Event{ev, load} {
			if err := p.AddEvent(ev); err != nil {
				t.Fatal(err)
			}
		}
		if rules := allRules(p); len(rules) != want {
			t.Errorf("%q: %d rules", ns, len(rules))
		}
	}
}
