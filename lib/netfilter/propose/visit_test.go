package propose

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
	"pgregory.net/rapid"
)

// at is a SYN from a source to a port at so many seconds.
func at(t testing.TB, second int, source string, port int) *record.Event {
	ev := event(t, fmt.Sprintf("IN=eth0 OUT= SRC=%s DST=203.0.113.1 PROTO=TCP SPT=1 DPT=%d SYN", source, port))
	ev.Time = time.Unix(1_700_000_000+int64(second), 0).UTC().Format(time.RFC3339)
	return ev
}

func TestWithin(t *testing.T) {
	const minute = time.Minute
	type knock struct{ second, port int }
	for _, test := range []struct {
		name    string
		opts    Options
		knocks  []knock
		blocked bool
	}{
		{"near", Options{MinHits: 3, Within: minute}, []knock{{0, 1}, {30, 1}, {60, 1}}, true},
		{"too far", Options{MinHits: 3, Within: minute}, []knock{{0, 1}, {30, 1}, {61, 1}}, false},
		{"near at last", Options{MinHits: 3, Within: minute}, []knock{{0, 1}, {500, 1}, {1000, 1}, {1001, 1}, {1002, 1}}, true},
		{"in any order", Options{MinHits: 3, Within: minute}, []knock{{1001, 1}, {0, 1}, {1002, 1}, {500, 1}, {1000, 1}}, true},
		{"at once", Options{MinHits: 3, Within: minute}, []knock{{5, 1}, {5, 1}, {5, 1}}, true},
		{"ports", Options{MinPorts: 3, Within: minute}, []knock{{0, 1}, {1, 2}, {2, 2}, {3, 3}}, true},
		{"ports too far", Options{MinPorts: 3, Within: minute}, []knock{{0, 1}, {59, 2}, {61, 3}}, false},
		{"without a window", Options{MinHits: 3}, []knock{{0, 1}, {1000, 1}, {2000, 1}}, true},
	} {
		test.opts.Mode = Block
		p := newProposer(t, test.opts)
		for _, k := range test.knocks {
			if err := p.AddEvent(at(t, k.second, "198.51.100.1", k.port)); err != nil {
				t.Fatal(err)
			}
		}
		if got := len(texts(t, p)) == 1; got != test.blocked {
			t.Errorf("%s: blocked %v", test.name, got)
		}
	}
}

// An event that stands for many is as near as what is known of it.
func TestWithinOfMergedEvents(t *testing.T) {
	for seconds, want := range map[int]int{30: 1, 90: 0} {
		p := newProposer(t, Options{Mode: Block, MinHits: 5, Within: time.Minute})
		ev := at(t, seconds, "198.51.100.1", 1)
		ev.Count, ev.First, ev.Last = 5, at(t, 0, "198.51.100.1", 1).Time, ev.Time
		if err := p.AddEvent(ev); err != nil {
			t.Fatal(err)
		}
		if got := len(texts(t, p)); got != want {
			t.Errorf("five packets in %d s: %d rules", seconds, got)
		}
	}
	p := newProposer(t, Options{Mode: Block, MinHits: 1, Within: time.Minute})
	ev := at(t, 0, "198.51.100.1", 1)
	ev.Time = ""
	if err := p.AddEvent(ev); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"time"}, kinds(p)); d != "" {
		t.Error(d)
	}
}

// The visits that are kept do not depend on the order, and neither does what is
// made of them.
func TestVisitsInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) visit {
			v := visit{at: rapid.Int64Range(0, 20).Draw(t, "at"), n: rapid.Uint16Range(1, 2).Draw(t, "n"), host: rapid.Uint32Range(1, 4).Draw(t, "host")}
			if rapid.Bool().Draw(t, "has a port") {
				v.n, v.port = v.n|hasPort, rapid.Uint16Range(0, 3).Draw(t, "port")
			}
			return v
		}), 0, 30).Draw(t, "visits")
		draw := func(what string) int { return rapid.IntRange(0, 6).Draw(t, what) }
		o := Options{MinHits: draw("hits"), MinPorts: draw("ports"), MinHosts: draw("hosts"), Within: 5}
		want := false
		for _, from := range list {
			hits, ports, hosts := 0, map[uint16]bool{}, map[uint32]bool{}
			for _, v := range list {
				if from.at <= v.at && v.at <= from.at+int64(o.Within) {
					hits += int(v.hits())
					hosts[v.host] = true
					if v.n&hasPort != 0 {
						ports[v.port] = true
					}
				}
			}
			want = want || o.MinHits > 0 && hits >= o.MinHits || o.MinPorts > 0 && len(ports) >= o.MinPorts || o.MinHosts > 0 && len(hosts) >= o.MinHosts
		}
		for _, order := range [][]visit{list, rapid.Permutation(list).Draw(t, "order")} {
			var kept window
			for _, v := range order {
				kept.add(v)
			}
			if !slices.IsSortedFunc(kept.visits, compareVisits) {
				t.Fatal("not sorted")
			}
			if got := o.busy(kept.visits); got != want {
				t.Fatalf("%v, want %v: %v", got, want, kept.visits)
			}
		}
	})
}

func TestOnlySoManyVisits(t *testing.T) {
	var w window
	for i := range maxVisits + 10 {
		w.add(visit{at: int64(maxVisits - i), n: 1})
	}
	if list := w.visits; !w.cut || len(list) != maxVisits || list[0].at != -9 || !slices.IsSortedFunc(list, compareVisits) {
		t.Errorf("cut %v, %d visits from %d on", w.cut, len(list), list[0].at)
	}
	w = window{}
	for range 3 {
		w.add(visit{n: hasPort | mostHits - 1, port: 7})
	}
	if len(w.visits) != 1 || w.visits[0].hits() != mostHits || w.visits[0].n&hasPort == 0 || mostHits <= maxThreshold {
		t.Errorf("%+v", w.visits)
	}
}

func TestExpire(t *testing.T) {
	rules, _, _ := proposed(t, Options{Mode: Block, MinHits: 1, Expire: time.Hour}, knocks("198.51.100.0", "203.0.113.1", 3)...)
	if d := cmp.Diff([]string{"add element inet filter sl-input-ip { 198.51.100.0 timeout 3600s }"}, rules); d != "" {
		t.Error(d)
	}
	rules, _, _ = proposed(t, Options{Mode: Block, MinHits: 1, Expire: time.Hour, Syntax: netfilter.IPSet}, knocks("198.51.100.0", "203.0.113.1", 3)...)
	if d := cmp.Diff([]string{"add sl-input-ip 198.51.100.0 timeout 3600"}, rules); d != "" {
		t.Error(d)
	}
}
