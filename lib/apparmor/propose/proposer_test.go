package propose

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unique"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sl-suite/sl/lib/record"
)

// drawEvent draws events that meet each other often, hostile ones among them.
func drawEvent(t *rapid.T) *record.Event {
	name := rapid.SampledFrom([]string{"/a", "/b/", "a", "/a*", "/a~(deleted)", "/x\xff", "/n\x07"}).Draw(t, "name")
	peer := rapid.SampledFrom([]string{"q", "unconfined"}).Draw(t, "peer")
	uids := rapid.SampledFrom([]string{"fsuid=0 ouid=0", "fsuid=0 ouid=1", "fsuid=0"}).Draw(t, "uids")
	pairs := rapid.SampledFrom([]string{
		"class=file operation=open denied_mask=r name=" + name,
		"class=file operation=open denied_mask=wc name=" + name,
		"class=file operation=open denied_mask=a name=" + name,
		"class=file operation=exec denied_mask=x name=" + name,
		"class=file operation=exec denied_mask=rx name=" + name,
		"class=file operation=exec denied_mask=rx::x name=" + name,
		"class=net operation=connect family=unix sock_type=stream denied=connect~create",
		"class=net operation=connect family=inet sock_type=stream denied=connect~create",
		"class=file operation=link denied_mask=l target=/t name=" + name,
		"class=file operation=inode_permission denied_mask=rw::k name=" + name,
		"class=cap operation=capable capname=" + rapid.SampledFrom([]string{"kill", "syslog", "sys_admin"}).Draw(t, "capability"),
		"class=net operation=create family=inet sock_type=stream denied=create",
		"class=net operation=send family=inet sock_type=stream denied=send laddr=1.2.3.4 faddr=1.2.3.5",
		"class=net operation=connect family=unix sock_type=stream denied=connect~create peer=" + peer,
		"class=signal operation=signal signal=term denied_mask=send peer=" + peer,
		"class=signal operation=signal signal=hup denied_mask=send peer=" + peer,
		"class=ptrace operation=ptrace denied_mask=trace peer=" + peer,
		"class=namespace operation=userns_create denied=userns_create",
		"class=rlimits operation=setrlimit rlimit=core value=1",
		"class=rlimits operation=setrlimit rlimit=core value=2",
		"verdict=AUDIT operation=open",
		"class=odd operation=odd",
	}).Draw(t, "fields")
	ev := event(t, uids+" profile="+rapid.SampledFrom([]string{"p", "p", "q", "p//null-/h", "unconfined"}).Draw(t, "profile")+" "+pairs)
	ev.Count = rapid.Uint64Range(0, 3).Draw(t, "count")
	ev.Trust = rapid.SampledFrom([]record.Trust{record.TrustNone, record.TrustLog, record.TrustKernel}).Draw(t, "trust")
	ev.Time = rapid.SampledFrom([]string{"", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00+01:00"}).Draw(t, "time")
	ev.Audit = rapid.SampledFrom([]string{"", "1.2:3", "1.2:33"}).Draw(t, "audit")
	ev.Fields[record.FComm] = rapid.SampledFrom([]string{"", "ls", "cat"}).Draw(t, "comm")
	return ev
}

// The result does not depend on the order, nor on how events were split into
// streams and merged again, nor on how often.
func TestMergeAssociativeCommutative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		options := Options{
			Parser: rapid.SampledFrom([]int{3, 4}).Draw(t, "parser"),
			Exec:   rapid.SampledFrom([]Exec{Ask, Inherit, OwnProfile, ChildProfile}).Draw(t, "exec"),
		}
		events := rapid.SliceOfN(rapid.Custom(drawEvent), 0, 25).Draw(t, "events")
		whole := New(options)
		for _, ev := range events {
			mustAdd(t, whole.AddEvent(ev))
		}
		parts := []*Proposer{New(options), New(options), New(options)}
		for _, ev := range rapid.Permutation(events).Draw(t, "order") {
			mustAdd(t, parts[rapid.IntRange(0, 2).Draw(t, "part")].AddEvent(ev))
		}
		pair := merge(t, options, parts[2], parts[0])
		merged := merge(t, options, parts[1], pair)
		again := merge(t, options, merged)
		for _, p := range []*Proposer{merged, again} {
			if diff := cmp.Diff(allRules(whole), allRules(p)); diff != "" {
				t.Fatalf("rules: %s", diff)
			}
			if diff := cmp.Diff(allNotes(whole), allNotes(p)); diff != "" {
				t.Fatalf("notes: %s", diff)
			}
		}
	})
}

func merge(t *rapid.T, options Options, parts ...*Proposer) *Proposer {
	p := New(options)
	for _, part := range parts {
		for _, r := range allRules(part) {
			mustAdd(t, p.AddRule(&r))
		}
		for _, n := range allNotes(part) {
			mustAdd(t, p.AddNote(&n))
		}
	}
	return p
}

func mustAdd(t *rapid.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Every event is in the evidence of a rule or note, or counted.
func TestNoEventIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := New(Options{Parser: 4, Exec: rapid.SampledFrom([]Exec{Ask, Inherit}).Draw(t, "exec")})
		ev := drawEvent(t)
		mustAdd(t, p.AddEvent(ev))
		n, s := max(ev.Count, 1), p.Stats()
		if s.Ruled+s.Noted+s.Ignored != n {
			t.Fatalf("%d events, %+v", n, s)
		}
		if s.Ignored == n {
			if len(allRules(p))+len(allNotes(p)) != 0 {
				t.Fatal("an ignored event has left something")
			}
			return
		}
		if (len(allRules(p)) > 0) != (s.Ruled == n) || len(allRules(p))+len(allNotes(p)) == 0 {
			t.Fatalf("%+v, %v", s, outcome(p))
		}
		for _, r := range allRules(p) {
			if r.Evidence.Count != n || r.Why == "" || len(r.Typed) == 0 {
				t.Fatalf("%d events in %+v", n, r)
			}
		}
		for _, note := range allNotes(p) {
			if note.Evidence.Count != n || note.Hint == "" {
				t.Fatalf("%d events in %+v", n, note)
			}
		}
	})
}

func TestAddRule(t *testing.T) {
	p := New(Options{})
	for _, r := range []record.Rule{
		{Lang: record.AppArmor, Profile: "p", Text: `network (create) inet stream ip=1.2.3.4,`, Made: []string{"b", "a"}, Evidence: record.Evidence{Count: 1, Trust: record.TrustKernel}},
		{Lang: record.AppArmor, Profile: "p", Text: `network inet stream,`, Danger: 200, Why: "lies", Made: []string{"a"}, Evidence: record.Evidence{Count: 2, Trust: record.TrustLog}},
		{Lang: record.AppArmor, Profile: "p", Text: `userns create,`, Evidence: record.Evidence{Count: 1}},
	} {
		if err := p.AddRule(&r); err != nil {
			t.Error(err)
		}
	}
	rules := allRules(p)
	if len(rules) != 2 || rules[0].Evidence.Count != 1 || rules[0].Evidence.Trust != record.TrustKernel || rules[0].Danger != 3 ||
		!slices.Equal(rules[0].Made, []string{"a", "b", "portable"}) ||
		rules[1].Evidence.Count != 2 || rules[1].Evidence.Trust != record.TrustLog || rules[1].Danger != 3 {
		t.Errorf("%+v", rules)
	}
	if notes := allNotes(p); len(notes) != 1 || notes[0].Kind != "parser" || notes[0].Evidence.Count != 1 {
		t.Errorf("%+v", notes)
	}
	for _, r := range []record.Rule{
		{Lang: record.Netfilter, Text: `"/a" r,`},
		{Lang: record.AppArmor, Text: `"/a" r, "/b" w,`},
		{Lang: record.AppArmor, Text: `deny "/a" r,`},
		{Lang: record.AppArmor, Text: `audit "/a" r,`},
		{Lang: record.AppArmor},
	} {
		if err := p.AddRule(&r); err == nil {
			t.Errorf("%+v was taken", r)
		}
	}
}

// Beyond the bound the first in their order stay, with all of their evidence,
// whatever the order in which they came.
func TestTooMany(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const most = 8
		names := rapid.SliceOfN(rapid.IntRange(10, 40), 0, 200).Draw(t, "names")
		p := New(Options{Max: most})
		count := map[string]uint64{}
		for _, n := range names {
			mustAdd(t, p.AddEvent(event(t, fmt.Sprintf("%s operation=open denied_mask=r name=/%d", file, n))))
			count[fmt.Sprintf(`"/%d" r,`, n)]++
		}
		texts := slices.Sorted(maps.Keys(count))
		if err := p.Complete(); errors.Is(err, ErrTooMany) != (len(texts) > most) {
			t.Fatalf("%d rules: %v", len(texts), err)
		}
		rules := allRules(p)
		if len(rules) != min(len(texts), most) {
			t.Fatalf("%d rules of %d", len(rules), len(texts))
		}
		for i, r := range rules {
			if r.Text != texts[i] || r.Evidence.Count != count[r.Text] {
				t.Fatalf("rule %d is %q, %d times", i, r.Text, r.Evidence.Count)
			}
		}
	})
}

// So it is with the room for their texts.
func TestTooLong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const room = 100
		keys := rapid.SliceOfN(rapid.StringMatching(`[abc]{0,4}x{0,30}`), 0, 60).Draw(t, "keys")
		b := newBounded[ruleKey, int](1000, room)
		count := map[string]int{}
		for _, text := range keys {
			key := ruleKey{unique.Make("p"), text, record.TrustNone}
			v := b.get(key)
			if v == nil {
				v = b.add(key)
			}
			if v != nil {
				*v++
			}
			count[text]++
		}
		want, bytes := map[ruleKey]int{}, 0
		cut := false
		for _, text := range slices.Sorted(maps.Keys(count)) {
			if bytes += len(text); bytes > room {
				cut = true
				break
			}
			want[ruleKey{unique.Make("p"), text, record.TrustNone}] = count[text]
		}
		if got := b.cut(); got != cut {
			t.Fatalf("cut: %v", got)
		}
		got := map[ruleKey]int{}
		for key, v := range b.entries {
			got[key] = *v
		}
		if !maps.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

func TestIgnoresOtherEvents(t *testing.T) {
	p := New(Options{})
	if err := p.AddEvent(&record.Event{Kind: record.Netfilter, Count: 4}); err != nil || p.Stats() != (Stats{Ignored: 4}) {
		t.Errorf("%v, %+v", err, p.Stats())
	}
}

func BenchmarkAddEvent(b *testing.B) {
	p := New(Options{})
	var events []*record.Event
	for i := range 1000 {
		events = append(events, event(b, fmt.Sprintf("%s operation=open denied_mask=r name=/var/lib/app/%d/file", file, i)))
	}
	for i := 0; b.Loop(); i++ {
		if err := p.AddEvent(events[i%len(events)]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRules(b *testing.B) {
	p := New(Options{})
	for i := range 10000 {
		if err := p.AddEvent(event(b, fmt.Sprintf("%s operation=open denied_mask=r name=/var/lib/app/%d/%s", file, i, strings.Repeat("f", 20)))); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		allRules(p)
	}
}
