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
// The levels are tables: classDangers, and for files fileDangers, execDangers and
// pathDangers.
func Danger(r Rule) (level uint8, why string) {
	if r.Mode == Deny {
		return 0, "denies"
	}
	switch b := r.Body.(type) {
	case File:
		return b.danger()
	case Link:
		return b.danger()
	}
	attrs := r.Body.appendAttrs(nil)
	for _, row := range classRows()[r.Body.Class()] {
		if row.holds(attrs) {
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
	attr    string
	all     bool
	pattern Pattern // the zero one asks that there is no such attribute
}

// classRows are the classDangers by class; made when a danger is first asked for.
var classRows = sync.OnceValue(func() map[Class][]classRow {
	rows := make(map[Class][]classRow)
	for _, d := range classDangers {
		row := classRow{level: d.level, why: d.why}
		for _, word := range strings.Fields(d.when) {
			attr, pattern, _ := strings.Cut(word, "=")
			pattern, all := strings.CutPrefix(pattern, "=")
			row.conditions = append(row.conditions, dangerCondition{attr, all, Pattern{pattern}})
		}
		rows[d.class] = append(rows[d.class], row)
	}
	return rows
})

func (r *classRow) holds(attrs []record.Attr) bool {
	for _, c := range r.conditions {
		if !c.holds(attrs) {
			return false
		}
	}
	return true
}

func (c *dangerCondition) holds(attrs []record.Attr) bool {
	for i := range attrs {
		a := &attrs[i]
		name, glob := strings.CutSuffix(a.Name, "_glob")
		switch {
		case name != c.attr:
		case a.Flag:
			return true
		case a.List != nil:
			return slices.Contains(a.List, c.pattern.text)
		case glob:
			return c.meets(Pattern{a.Text})
		default:
			value, err := Literal(a.Text)
			return err != nil || c.meets(value)
		}
	}
	return c.pattern == Pattern{}
}

func (c *dangerCondition) meets(value Pattern) bool {
	if c.all {
		return value.within(c.pattern)
	}
	return value.overlaps(c.pattern)
}

// within reports whether q matches all that p matches; q is literal text, or such
// text with "*" behind it.
func (p Pattern) within(q Pattern) bool {
	head, glob := strings.CutSuffix(q.text, "*")
	return p == q || glob && strings.HasPrefix(p.text, head)
}

// A link is a name for what it is a link to: whoever may write the name, may
// write the file.
func (l Link) danger() (uint8, string) {
	level, why := File{Path: l.Target, Access: Write}.danger()
	if other, otherWhy := (File{Path: l.Name, Access: Write}).danger(); other > level {
		return other, otherWhy
	}
	return level, why
}
