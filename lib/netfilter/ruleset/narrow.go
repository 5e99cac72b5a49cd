package ruleset

// maxMatches bounds what one rule becomes.
const maxMatches = 1 << 12

// narrow reads {"op": "==", "left": ..., "right": ...} into all matches of a rule.
// Of {"concat": [...]} each element is a match of its own.
func (n *nftReader) narrow(t *table, matches []match, value any) []match {
	op, _ := fieldOf(value, "op").(string)
	left, right := fieldOf(value, "left"), fieldOf(value, "right")
	if fieldOf(left, "concat") == nil {
		for i := range matches {
			n.condition(t, &matches[i], left, op, right)
		}
		return matches
	}
	elements, ok := n.elements(t, right)
	if op != "==" && op != "in" || !ok || len(matches)*len(elements) > maxMatches {
		for i := range matches {
			matches[i].more = true
		}
		return matches
	}
	var out []match
	for _, m := range matches {
		for _, e := range elements {
			one := m
			n.conditions(t, &one, left, e)
			out = append(out, one)
		}
	}
	return out
}

// conditions takes a field and its value, or several of them.
func (n *nftReader) conditions(t *table, m *match, left, right any) {
	fields, several := fieldOf(left, "concat").([]any)
	if !several {
		n.condition(t, m, left, "==", right)
		return
	}
	values, _ := fieldOf(bare(right), "concat").([]any)
	if len(values) != len(fields) {
		m.more = true
		return
	}
	for i, f := range fields {
		n.condition(t, m, f, "==", values[i])
	}
}
