package propose

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sl-suite/sl/lib/record"
)

// Whatever is mixed in that is believed less, wherever it stands, what is made of the
// kernel's lines is as it was: rules and notes, with all that they say.
func TestTrustForgedChangesNothing(t *testing.T) {
	saved := firewall(t, "DROP", "-A INPUT -j SL-INPUT")
	rapid.Check(t, func(t *rapid.T) {
		opts := drawOptions(t)
		if opts.Mode == Block {
			opts.MinHits = rapid.IntRange(0, 4).Draw(t, "hits")
			opts.MinPorts = rapid.IntRange(0, 2).Draw(t, "ports")
			opts.Within = rapid.SampledFrom([]time.Duration{0, 0, time.Hour}).Draw(t, "within")
		}
		if rapid.Bool().Draw(t, "saved") {
			opts.Ruleset = saved
		}
		level := rapid.SampledFrom([]record.Trust{record.TrustLog, record.TrustDaemon, record.TrustKernel}).Draw(t, "level")
		var clean, mixed []*record.Event
		for _, ev := range rapid.SliceOfN(rapid.Custom(drawEvent), 0, 60).Draw(t, "events") {
			ev.Trust = record.Trust(rapid.IntRange(0, 3).Draw(t, "trust"))
			if rapid.Bool().Draw(t, "logged") {
				ev.Fields[record.FPrefix] = "dropped "
			}
			mixed = append(mixed, ev)
			if ev.Trust >= level {
				clean = append(clean, ev)
			}
		}
		p := drain(t, feed(t, opts, clean))
		q := drain(t, feed(t, opts, rapid.Permutation(mixed).Draw(t, "order")))
		if d := cmp.Diff(fromLevel(p, level), fromLevel(q, level), cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
	})
}

// fromLevel returns what has at least a level of trust.
func fromLevel(o output, level record.Trust) output {
	return output{
		slices.DeleteFunc(o.Rules, func(r record.Rule) bool { return r.Evidence.Trust < level }),
		slices.DeleteFunc(o.Notes, func(n record.Note) bool { return n.Evidence.Trust < level }),
	}
}

// What needs several packets needs them at its level or above, and what is forged
// adds rules of its own alone.
func TestTrustThresholds(t *testing.T) {
	for _, c := range []struct {
		name  string
		opts  Options
		lines []string // trust, source and port
		want  []string
	}{
		{"an address of its own", Options{}, []string{"kernel 192.0.2.1 22", "log 192.0.2.2 22"},
			[]string{"kernel 1 saddr 192.0.2.1", "log 1 saddr 192.0.2.2"}},
		{"not within one network", Options{Sources: Net}, []string{"kernel 192.0.2.1 22", "log 192.0.2.2 22"},
			[]string{"kernel 1 saddr 192.0.2.1", "log 1 saddr 192.0.2.2"}},
		{"hits", Options{Mode: Block, MinHits: 3}, []string{"kernel 192.0.2.1 22", "kernel 192.0.2.1 22", "log 192.0.2.1 22"},
			[]string{"log 3 saddr 192.0.2.1"}},
		{"enough of the kernel's", Options{Mode: Block, MinHits: 2}, []string{"kernel 192.0.2.1 22", "kernel 192.0.2.1 22", "log 192.0.2.1 22", "log 192.0.2.1 22"},
			[]string{"kernel 2 saddr 192.0.2.1"}},
		{"ports", Options{Mode: Block, MinPorts: 3}, []string{"kernel 192.0.2.1 22", "kernel 192.0.2.1 23", "log 192.0.2.1 24"},
			[]string{"log 3 saddr 192.0.2.1"}},
		{"forged as the host's own", Options{Mode: Block, MinHits: 1}, []string{"kernel 192.0.2.1 22", "log 198.51.100.1>192.0.2.1 22"},
			[]string{"kernel 1 saddr 192.0.2.1", "log 1 saddr 198.51.100.1"}},
		{"the host's own, forged as a source", Options{Mode: Block, MinHits: 1}, []string{"kernel 192.0.2.1 22", "log 203.0.113.1 22"},
			[]string{"kernel 1 saddr 192.0.2.1"}},
	} {
		p := newProposer(t, c.opts)
		for _, line := range c.lines {
			var trust, source, port string
			fmt.Sscan(line, &trust, &source, &port)
			source, own, ok := strings.Cut(source, ">")
			if !ok {
				own = "203.0.113.1"
			}
			ev := event(t, "IN=eth0 SRC="+source+" DST="+own+" PROTO=TCP SPT=40000 DPT="+port+" SYN")
			ev.Trust, _ = record.ParseTrust(trust)
			if err := p.AddEvent(ev); err != nil {
				t.Fatal(err)
			}
		}
		rules, err := p.Rules()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range rules {
			_, text, _ := strings.Cut(r.Text, " saddr ")
			text, _, _ = strings.Cut(text, " ")
			if text == "{" {
				text = r.Text
			}
			got = append(got, fmt.Sprint(r.Evidence.Trust, " ", r.Evidence.Count, " saddr ", text))
		}
		slices.Sort(got)
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

// A flood of forged lines takes no room from what is believed more.
func TestTrustFlood(t *testing.T) {
	for _, mode := range []Mode{Allow, Block} {
		p := newProposer(t, Options{Mode: mode, MinHits: 1})
		p.tuples.table.most, p.sources[record.TrustLog].most = 20*tupleCosts, 20*visitorCosts
		add := func(trust record.Trust, source string, port int) {
			t.Helper()
			ev := event(t, fmt.Sprintf("IN=eth0 SRC=%s DST=203.0.113.1 PROTO=TCP SPT=40000 DPT=%d SYN", source, port))
			ev.Trust = trust
			if err := p.AddEvent(ev); err != nil {
				t.Fatal(err)
			}
		}
		add(record.TrustKernel, "192.0.2.250", 60000) // the last in order
		for i := range 200 {
			add(record.TrustLog, fmt.Sprintf("192.0.2.%d", i), i)
		}
		rules, err := p.Rules()
		if err != nil || !slices.ContainsFunc(rules, func(r record.Rule) bool {
			return r.Evidence.Trust == record.TrustKernel && r.Evidence.Count == 1 && strings.Contains(r.Text, "192.0.2.250")
		}) {
			t.Errorf("%s: %v, no rule of the kernel's among %d", mode, err, len(rules))
		}
	}
}
