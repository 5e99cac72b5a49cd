package netfilter

import (
	"cmp"
	"maps"
	"slices"
)

// An Effect is what rules do together and none of them need do alone.
type Effect struct {
	Danger uint8
	Why    string
	Rules  []int // those that take part, by their index, ascending
}

// Together returns what added rules bring about in a file with those that stand in
// it, where that is as dangerous as limit or more: with all rules of such an effect
// left out there is none.
//
// For each chain, family and protocol it takes the peers of every port over all
// rules of one verdict and grades them as one rule with these ports and peers.
// Whatever else the rules match (interfaces, the own addresses, the user who sends)
// narrows none of them: a file may hold a rule for each case there is. A drop
// elsewhere in the file takes nothing away from what is accepted, for the file can
// be loaded in a firewall that accepts before.
//
// What stands is not held against the added rules: an effect that they leave as it
// was is not returned, nor is one that they widen by less than double.
//
// A rule that refuses stands before those that accept: one that locks out whom
// another names, or the host itself, is an effect too.
//
// The result depends on the two sets of rules alone, whatever their order. The
// rules must be ones that Check accepts.
func Together(standing, added []Rule, limit uint8) []Effect {
	w := weighing{limit: limit, budget: maxTangle, classes: map[class][]part{}, joined: map[class][]part{}}
	for i := range standing {
		w.take(&standing[i], -1)
	}
	for i := range added {
		w.take(&added[i], i)
	}
	w.out = make([]bool, len(added))
	var effects []Effect
	for _, c := range slices.SortedFunc(maps.Keys(w.classes), compareClasses) {
		effects = append(effects, w.effects(c)...)
	}
	left := func(i int) bool { return !w.out[i] }
	for _, e := range contradictions(standing, added, left, limit) {
		for _, i := range e.Rules {
			w.out[i] = true
		}
		effects = append(effects, e)
	}
	if limit >= alone {
		return effects
	}
	return append(effects, pieces(standing, added, left, limit)...)
}

// class are the rules that are weighed together.
type class struct {
	chain   Chain
	refuses bool
	family  Family
	proto   Proto
	owned   bool // accepted for users of the host only
}

func compareClasses(a, b class) int {
	return cmp.Or(
		cmp.Compare(chainRank(a.chain), chainRank(b.chain)),
		compareBool(a.refuses, b.refuses),
		cmp.Compare(a.family, b.family),
		compareBool(a.owned, b.owned),
		cmp.Compare(a.proto, b.proto),
	)
}

// part is a rule in its class.
type part struct {
	rule  *Rule
	index int // among the added rules, -1 for one that stands
	units uint64
}

func (p part) stands() bool { return p.index < 0 }

type weighing struct {
	limit   uint8
	budget  int // how many addresses may still be put together
	classes map[class][]part
	joined  map[class][]part // the same, those with the same ports joined
	out     []bool           // the added rules that take part in an effect
}

// take puts a rule into its class.
func (w *weighing) take(r *Rule, index int) {
	c := class{r.Chain, r.Verdict != Accept, r.Family, r.Proto, r.Owner.Match && r.Verdict == Accept}
	w.classes[c] = append(w.classes[c], part{r, index, unitsOf(r.Peers())})
}

// wider are the classes whose rules count in a class: what holds for every protocol
// holds for each, and what holds for all users for one.
func (c class) wider() []class {
	list := []class{c}
	for _, proto := range []Proto{c.proto, AnyProto} {
		for _, owned := range []bool{c.owned, false} {
			if o := (class{c.chain, c.refuses, c.family, proto, owned}); !slices.Contains(list, o) {
				list = append(list, o)
			}
		}
	}
	return list
}

// parts are the rules that count in a class and are still in. Those with the same
// ports are joined, once for all classes: there can be very many.
func (w *weighing) parts(c class) []part {
	var list []part
	for _, o := range c.wider() {
		if _, ok := w.joined[o]; !ok {
			w.joined[o] = joinSame(slices.DeleteFunc(slices.Clone(w.classes[o]), func(p part) bool { return !p.stands() && w.out[p.index] }))
		}
		list = append(list, w.joined[o]...)
	}
	return list
}

// effects finds what the added rules of a class do: first port by port, so that an
// innocent port is not held responsible for its neighbour, then over all of them.
func (w *weighing) effects(c class) []Effect {
	var effects []Effect
	parts := w.parts(c)
	if !slices.ContainsFunc(parts, func(p part) bool { return !p.stands() && p.units > 0 }) {
		return nil
	}
	stretches := w.sweep(parts)
	worst, bad := grade{}, &portSet{}
	for _, s := range stretches {
		g := c.grade([]stretch{s})
		if s.grows() && g.level >= w.limit {
			worst = worse(worst, g)
			bad.add(s.ports)
		}
	}
	if worst.level > 0 {
		effects = append(effects, w.effect(worst, c, bad))
		parts = w.parts(c)
		stretches = w.sweep(parts)
	}
	before := make([]stretch, len(stretches))
	for i, s := range stretches {
		before[i] = stretch{ports: s.ports, units: s.before}
	}
	now := c.grade(stretches)
	if now.level < w.limit || now.level <= c.grade(before).level {
		return effects
	}
	bad = &portSet{}
	for _, s := range stretches {
		if s.grows() {
			bad.add(s.ports)
		}
	}
	return append(effects, w.effect(now, c, bad))
}

// effect takes the added rules out that reach any of the ports.
func (w *weighing) effect(g grade, c class, bad *portSet) Effect {
	e := Effect{Danger: g.level, Why: g.why}
	bad.sum()
	for _, o := range c.wider() {
		for _, p := range w.classes[o] {
			if !p.stands() && !w.out[p.index] && slices.ContainsFunc(rangesOf(*p.rule), bad.meets) {
				w.out[p.index] = true
				e.Rules = append(e.Rules, p.index)
			}
		}
		delete(w.joined, o)
	}
	slices.Sort(e.Rules)
	return e
}

type grade struct {
	level uint8
	why   string
}

func worse(a, b grade) grade {
	if b.level > a.level {
		return b
	}
	return a
}

// grade is the danger of the one rule with these ports and as many peers.
func (c class) grade(stretches []stretch) grade {
	var worst grade
	for _, least := range []reach{total, broad} {
		var ports []PortRange
		for _, s := range stretches {
			if reachOf(c.family, s.units) >= least {
				ports = append(ports, s.ports)
			}
		}
		if len(ports) == 0 {
			continue
		}
		r := judged{
			Rule:  Rule{Family: c.family, Chain: c.chain, Proto: c.proto, Verdict: Accept, Owner: Owner{Match: c.owned}},
			ports: NormalPorts(ports),
			reach: least,
		}
		if c.refuses {
			r.Verdict = Drop
		}
		level, why := r.danger()
		worst = worse(worst, grade{level, why})
	}
	return worst
}

// alone is the danger from which on a rule of Merge has it by its ports and the units of its
// peers, which have been weighed, or as one of the rules that were merged had it.
const alone = 7

// pieces grades what Merge makes of added rules and those that stand: two blocks
// of customers can be one of a provider.
func pieces(standing, added []Rule, left func(int) bool, limit uint8) []Effect {
	type group struct {
		before, now []Rule
		added       []int
	}
	groups := map[string]*group{}
	take := func(r Rule) *group {
		frame := r
		frame.Ports = nil
		key := string(frame.AppendKey(nil))
		if groups[key] == nil {
			groups[key] = &group{}
		}
		groups[key].now = append(groups[key].now, r)
		return groups[key]
	}
	for i, r := range added {
		if left(i) {
			g := take(r)
			g.added = append(g.added, i)
		}
	}
	for _, r := range standing {
		g := take(r)
		g.before = append(g.before, r)
	}
	var effects []Effect
	for _, g := range groups {
		if len(g.added) == 0 {
			continue
		}
		now := mergedGrade(g.now)
		if now.level >= limit && now.level > mergedGrade(g.before).level {
			effects = append(effects, Effect{now.level, now.why, g.added})
		}
	}
	slices.SortFunc(effects, func(a, b Effect) int { return Compare(added[a.Rules[0]], added[b.Rules[0]]) })
	return effects
}

func mergedGrade(rules []Rule) grade {
	var worst grade
	for _, r := range Merge(rules) {
		level, why := Danger(r)
		worst = worse(worst, grade{level, why})
	}
	return worst
}
