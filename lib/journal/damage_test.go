package journal_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sl-suite/sl/lib/journal"
	"github.com/sl-suite/sl/scripts/lab/sample"
)

// A layout is what stands where in a journal that is whole.
type layout struct {
	end     int   // what is used
	objects []int // where they begin
	entries []int
}

func layoutOf(b []byte) (l layout) {
	u64 := func(at int) int { return int(binary.LittleEndian.Uint64(b[at:])) }
	for at, tail := u64(88), u64(136); at <= tail; at = (at + u64(at+8) + 7) &^ 7 {
		l.objects = append(l.objects, at)
		if b[at] == 3 {
			l.entries = append(l.entries, at)
		}
		l.end = at + u64(at+8)
	}
	return l
}

// damage changes a copy, and says which bytes.
func damage(r *rand.Rand, whole []byte, l layout) (b []byte, from, to int, how string) {
	b = bytes.Clone(whole)
	switch r.IntN(8) {
	case 0: // somewhere in what is used
		from = r.IntN(l.end)
	case 1:
		from = r.IntN(272)
	case 2, 3, 4: // in the fixed part of an object
		from = l.objects[r.IntN(len(l.objects))] + r.IntN(72)
	case 5:
		from = r.IntN(l.end)
		to = min(from+1+r.IntN(1<<r.IntN(13)), l.end)
		clear(b[from:to])
		return b, from, to, "zero"
	case 6: // from a page's edge on
		from = r.IntN(l.end) &^ 4095
		to = min(from+4096, l.end)
		clear(b[from:to])
		return b, from, to, "zero a page"
	case 7:
		from = r.IntN(l.end)
		return b[:from], from, l.end, "cut"
	}
	from = min(from, l.end-1)
	if r.IntN(2) == 0 {
		b[from] ^= 1 << r.IntN(8)
	} else {
		b[from] = byte(r.IntN(256))
	}
	return b, from, from + 1, "flip"
}

// onlyPlace reports whether the bytes from..to are all of those that nothing
// protects: the number, times and boot of an entry, the ids in the header.
func (l *layout) onlyPlace(from, to int) bool {
	if from >= 24 && to <= 88 {
		return true
	}
	for _, e := range l.entries {
		if from >= e+16 && to <= e+56 {
			return true
		}
	}
	return false
}

// unplaced leaves out of entries what places them.
func unplaced(all []answer) (out []answer) {
	for _, one := range all {
		out = append(out, slices.DeleteFunc(slices.Clone(one), func(line string) bool {
			name, _, _ := strings.Cut(line, "=")
			return strings.HasPrefix(name, "__") || name == "_BOOT_ID"
		}))
	}
	slices.SortFunc(out, func(a, b answer) int { return slices.Compare(a, b) }) // a wrong time is in a wrong place
	return out
}

// TestDamaged: a journal that is cut or changed anywhere gives the entries that it
// had, or says what is wrong.
func TestDamaged(t *testing.T) {
	rnd := sample.Rand(t)
	all := packings(t)
	names := slices.Sorted(maps.Keys(all))
	matchings := [][]journal.Match{nil, {{Name: "_TRANSPORT", Value: "kernel"}}, {{Name: "SYSLOG_IDENTIFIER", Value: "d1"}, {Name: "_TRANSPORT", Value: "kernel"}}}
	whole := map[string][]answer{}
	n := sample.Size(300, 20_000)
	said, unchanged, displaced := 0, 0, 0
	for i := range n {
		name, m := names[rnd.IntN(len(names))], rnd.IntN(len(matchings))
		key := fmt.Sprint(name, m)
		if whole[key] == nil {
			whole[key], _ = ours(t, matchings[m], bytes.NewReader(all[name]))
		}
		l := layoutOf(all[name])
		b, from, to, how := damage(rnd, all[name], l)
		if rnd.IntN(3) == 0 && len(b) > 16 { // as a journald that died leaves it
			b[16] = byte(journal.Online)
		}
		began := time.Now()
		got, problems := ours(t, matchings[m], bytes.NewReader(b))
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("case %d: %s %s %d..%d took %s", i, name, how, from, to, took)
		}
		switch {
		case len(problems) > 0:
			said++
		case slices.EqualFunc(got, whole[key], slices.Equal):
			unchanged++
		case l.onlyPlace(from, to) && slices.EqualFunc(unplaced(got), unplaced(whole[key]), slices.Equal):
			displaced++
		default:
			t.Errorf("case %d: %s, %v, %s %d..%d: %d entries of %d, and nothing is said", i, name, matchings[m], how, from, to, len(got), len(whole[key]))
		}
		for _, one := range unplaced(got) {
			if _, ok := slices.BinarySearchFunc(unplacedOf(whole, key), one, func(a, b answer) int { return slices.Compare(a, b) }); !ok {
				t.Errorf("case %d: %s %s %d..%d: an entry that the journal never had: %q", i, name, how, from, to, one)
				break
			}
		}
	}
	if said == 0 || unchanged == 0 {
		t.Errorf("%d said, %d unchanged: the cases try nothing", said, unchanged)
	}
	t.Logf("%d cases: %d said, %d with all entries, %d with another time: 0 silent", n, said, unchanged, displaced)
}

// unplacedOf is unplaced, made once.
func unplacedOf(whole map[string][]answer, key string) []answer {
	if whole["unplaced"+key] == nil {
		whole["unplaced"+key] = unplaced(whole[key])
	}
	return whole["unplaced"+key]
}
