package apparmor

import (
	"slices"
	"strings"
	"sync"

	"github.com/sl-suite/sl/lib/record"
)

// Danger says how much the rule gives away, from 0 to 10, and why. From 9 on it
// undoes the confinement: whoever has the access can leave the profile, or
// change what confines it. A rule that denies has no danger.
//
// The levels are tables: classDangers, and for files fileDangers, execDangers,
// pathDangers and areas. Of the policy that the rule goes into nothing is known
// here but what Debian's is; see [Place].
func Danger(r Rule) (level uint8, why string) { return debian().Danger("", r) }

// classDanger is the danger of a rule whose class has rows in classDangers.
func (p *Place) classDanger(b Body) (level uint8, why string) {
	attrs := b.appendAttrs(nil)
	for _, row := range classRows()[b.Class()] {
		if row.holds(p, attrs) {
			return row.level, row.why
		}
	}
	return 10, "is of a class that is not known here"
}

// classRow is one of the classDangers taken apart.
type classRow struct {
	conditions []dangerCondition
	level      uint8
	why        string
}

// dangerCondition asks for an attribute of the rule: that one of its values can
// be one that the pattern matches, or, with all, that nothing else can be.
type dangerCondition struct {
	attr   string
	all    bool
	absent bool // asks that there is no such attribute
	text   string
	shape  shape // of the text
}

// unconfined is the name that the kernel has for what no profile confines. In a
// condition it stands for the profiles that confine nothing as well.
const unconfined = "unconfined"

// classRows are the classDangers by class; made when a danger is first asked for.
var classRows = sync.OnceValue(func() map[Class][]classRow {
	rows := make(map[Class][]classRow)
	for _, d := range classDangers {
		for _, when := range withoutBraces(d.when) {
			row := classRow{level: d.level, why: d.why}
			for _, word := range strings.Fields(when) {
				attr, text, _ := strings.Cut(word, "=")
				text, all := strings.CutPrefix(text, "=")
				c := dangerCondition{attr: attr, all: all, absent: text == "", text: text}
				c.shape, _ = newShape(text)
				row.conditions = append(row.conditions, c)
			}
			rows[d.class] = append(rows[d.class], row)
		}
	}
	return rows
})

func (r *classRow) holds(p *Place, attrs []record.Attr) bool {
	for i := range r.conditions {
		if !r.conditions[i].holds(p, attrs) {
			return false
		}
	}
	return true
}

func (c *dangerCondition) holds(p *Place, attrs []record.Attr) bool {
	for i := range attrs {
		a := &attrs[i]
		name, glob := strings.CutSuffix(a.Name, "_glob")
		switch {
		case name != c.attr:
		case a.Flag:
			return !c.absent
		case c.absent:
			return false
		case a.List != nil && c.all:
			return !slices.ContainsFunc(a.List, func(word string) bool { return word != c.text })
		case a.List != nil:
			return slices.Contains(a.List, c.text)
		case glob:
			return c.meets(p, Pattern{a.Text})
		default:
			value, err := Literal(a.Text)
			return err != nil || c.meets(p, value)
		}
	}
	return c.absent
}

func (c *dangerCondition) meets(p *Place, value Pattern) bool {
	m := value.machine()
	if c.all {
		return m.within(&c.shape)
	}
	if c.text == unconfined && slices.ContainsFunc(p.weakOnes(), func(w weakProfile) bool { return m.accepts(w.Name) }) {
		return true
	}
	return m.meets(&c.shape)
}
