package propose

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

func TestSmallestKeepsTheSmallest(t *testing.T) {
	type row struct{ weight int }
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(rapid.IntRange(0, 60), 0, 200).Draw(t, "keys")
		most := rapid.IntRange(1, 30).Draw(t, "most")
		run := func(keys []int) (kept []int, dropped int, highest int) {
			s := smallest[int, *row]{
				most: most, compare: cmp.Compare[int],
				weigh:   func(r *row) int { return min(r.weight, 3) },
				dropped: func(r *row) { dropped += r.weight },
			}
			for _, k := range keys {
				if r := s.rows[k]; r != nil {
					before := s.weigh(r)
					r.weight++
					s.grow(s.weigh(r) - before)
				} else if r := (&row{}); s.put(k, r) {
					r.weight++
					s.grow(s.weigh(r))
				} else {
					dropped++
				}
				highest = max(highest, s.weight)
			}
			kept = s.trim()
			if !slices.Equal(kept, slices.Sorted(maps.Keys(s.rows))) {
				t.Fatal("trim does not return what is there")
			}
			for _, k := range kept {
				dropped += s.rows[k].weight
			}
			return kept, dropped, highest
		}
		kept, sum, highest := run(keys)
		if sum != len(keys) {
			t.Errorf("%d rows of %d", sum, len(keys))
		}
		if highest > most+most/4+1 {
			t.Errorf("a weight of %d, at most %d", highest, most)
		}
		// What has to be kept, worked out the slow way.
		counts := make(map[int]int)
		for _, k := range keys {
			counts[k]++
		}
		var want []int
		weight := 0
		for _, k := range slices.Sorted(maps.Keys(counts)) {
			if weight += min(counts[k], 3); weight > most {
				break
			}
			want = append(want, k)
		}
		if !slices.Equal(kept, want) {
			t.Error(gocmp.Diff(want, kept))
		}
		if other, _, _ := run(rapid.Permutation(keys).Draw(t, "order")); !slices.Equal(other, kept) {
			t.Errorf("another order: %s", gocmp.Diff(kept, other))
		}
	})
}

// A flood leaves out the same rules and addresses whatever its order, and what
// is left out is counted.
func TestFlood(t *testing.T) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 0))
		flood := make([]knock, random.IntN(300))
		for i := range flood {
			flood[i] = knock{port: 1 + random.IntN(5), host: 1 + random.IntN(10)}
		}
		rules, notes := flooded(t, flood)
		random.Shuffle(len(flood), func(i, j int) { flood[i], flood[j] = flood[j], flood[i] })
		otherRules, otherNotes := flooded(t, flood)
		if d := gocmp.Diff(rules, otherRules) + gocmp.Diff(notes, otherNotes); d != "" {
			t.Fatalf("seed %d: another order:\n%s", seed, d)
		}
		sum := uint64(0)
		for _, r := range rules {
			sum += r.Evidence.Count
			if rule, err := netfilter.Parse(netfilter.NFT, r.Text); err != nil || len(rule.Peers()) > floodPeers {
				t.Errorf("%q has too many peers: %v", r.Text, err)
			}
		}
		told := false
		for _, n := range notes {
			switch {
			case n.Kind != "limit":
				t.Errorf("%+v", n)
			case strings.Contains(n.Text, "rules"):
				sum += n.Evidence.Count
			default:
				told = true
			}
		}
		if crowded := crowded(flood, len(rules)); told != crowded {
			t.Errorf("seed %d: addresses left out %v, told %v", seed, crowded, told)
		}
		if sum != uint64(len(flood)) {
			t.Errorf("seed %d: %d events of %d", seed, sum, len(flood))
		}
	}
}

// crowded reports whether one of the first n ports has more hosts than fit.
func crowded(flood []knock, n int) bool {
	hosts := make(map[int]map[int]bool)
	for _, k := range flood {
		if hosts[k.port] == nil {
			hosts[k.port] = make(map[int]bool)
		}
		hosts[k.port][k.host] = true
	}
	for _, port := range slices.Sorted(maps.Keys(hosts))[:n] {
		if len(hosts[port]) > floodPeers {
			return true
		}
	}
	return false
}

type knock struct{ port, host int }

// Bounds that a small flood exceeds.
const floodPeers, floodWeight = 8, 3 * (tupleCosts + 8)

func flooded(t *testing.T, flood []knock) ([]record.Rule, []record.Note) {
	p := newProposer(t, Options{})
	p.tuples = newTuples(floodWeight, floodPeers, &p.phrases)
	for i, k := range flood {
		line := fmt.Sprintf("IN=eth0 SRC=192.0.2.%d DST=203.0.113.1 PROTO=TCP SPT=1 DPT=%d SYN", 2*k.host, k.port)
		if err := p.AddEvent(event(t, line)); err != nil {
			t.Fatal(err)
		}
		if i == 100 {
			p.Notes() // looking at it changes nothing
		}
		held := 0
		for _, tuple := range p.tuples.table.rows {
			held += tupleCosts + tuple.peers.size()
		}
		if held > floodWeight+floodWeight/4+tupleCosts+5*floodPeers/4 {
			t.Fatalf("a weight of %d", held)
		}
	}
	notes := p.Notes()
	rules, err := p.Rules()
	if err != nil {
		t.Fatal(err)
	}
	return rules, notes
}
