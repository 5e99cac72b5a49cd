package ruleset

import (
	"strconv"
	"strings"
)

// elements are the members of a set, named or not, or one value. ok is false for
// a named set whose members are not known.
func (n *nftReader) elements(t *table, value any) (list []any, ok bool) {
	if name, isName := value.(string); isName && strings.HasPrefix(name, "@") {
		list, ok = n.sets[t.name+" "+name[1:]]
		return list, ok
	}
	switch members := fieldOf(value, "set").(type) {
	case []any:
		return members, true
	case nil:
	default:
		return []any{members}, true
	}
	if several, isList := value.([]any); isList {
		return several, true
	}
	return []any{value}, value != nil
}

// bare takes an element of a set out of its wrapping of timeout and comment.
func bare(e any) any {
	if value := fieldOf(fieldOf(e, "elem"), "val"); value != nil {
		return value
	}
	return e
}

// ends are the two ends of a range, or one value twice.
func ends(e any) (first, last any, ok bool) {
	r := fieldOf(e, "range")
	if r == nil {
		return e, e, true
	}
	list, _ := r.([]any)
	if len(list) != 2 {
		return nil, nil, false
	}
	return list[0], list[1], true
}

// text is a word or a number as it is written in a rule.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}
