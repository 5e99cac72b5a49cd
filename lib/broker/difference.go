package broker

import "slices"

// An edit replaces the lines [a0, a1) of the old text by [b0, b1) of the new.
type edit struct{ a0, a1, b0, b1 int }

// maxEdits bounds the search for the fewest changed lines: its time grows with
// the texts' length times maxEdits, its memory with the square of maxEdits
// (2 MiB).
const maxEdits = 1000

// difference returns the edits that turn a into b, in ascending order and with
// at least one common line between two of them. They change the fewest lines
// possible where these are at most maxEdits, by the algorithm of E. Myers, "An
// O(ND) Difference Algorithm and Its Variations" (Algorithmica 1, 1986);
// otherwise there is one edit.
func difference(a, b []string) []edit {
	lead := 0
	for lead < len(a) && lead < len(b) && a[lead] == b[lead] {
		lead++
	}
	tail := 0
	for tail < len(a)-lead && tail < len(b)-lead && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	a, b = a[lead:len(a)-tail], b[lead:len(b)-tail]
	switch {
	case len(a) == 0 && len(b) == 0:
		return nil
	case len(a) == 0 || len(b) == 0:
		return []edit{{lead, lead + len(a), lead, lead + len(b)}}
	}
	edits := trace(a, b, search(a, b))
	for i := range edits {
		e := &edits[i]
		e.a0, e.a1, e.b0, e.b1 = e.a0+lead, e.a1+lead, e.b0+lead, e.b1+lead
	}
	return edits
}

// search follows the furthest paths through the edit graph. A path on diagonal
// k = x-y has read x lines of a and y of b; rows[d][(k+d)/2] is how far x gets
// on k with d changed lines. The last row reached the end; nil is over the bound.
func search(a, b []string) (rows [][]int32) {
	for d := 0; d <= maxEdits; d++ {
		row := make([]int32, d+1)
		rows = append(rows, row)
		for i := range row {
			x := step(rows, d, i)
			for x < len(a) && x-(2*i-d) < len(b) && a[x] == b[x-(2*i-d)] {
				x++
			}
			row[i] = int32(x)
			if x >= len(a) && x-(2*i-d) >= len(b) {
				return rows
			}
		}
	}
	return nil
}

// step is where the i-th path of row d begins: one line of b further than the
// path to its right in the row before, or one line of a further than the path
// to its left, whichever is further along.
func step(rows [][]int32, d, i int) int {
	switch {
	case d == 0:
		return 0
	case fromRight(rows, d, i):
		return int(rows[d-1][i])
	}
	return int(rows[d-1][i-1]) + 1
}

func fromRight(rows [][]int32, d, i int) bool {
	return i == 0 || i < d && rows[d-1][i-1] < rows[d-1][i]
}

// trace walks back from the end and collects the edits.
func trace(a, b []string, rows [][]int32) []edit {
	if rows == nil {
		return []edit{{0, len(a), 0, len(b)}}
	}
	var edits []edit
	x, y := len(a), len(b)
	for d := len(rows) - 1; d > 0; d-- {
		i := (x - y + d) / 2
		x0 := step(rows, d, i)
		y0 := x0 - (2*i - d)
		e := edit{x0, x0, y0, y0}
		if fromRight(rows, d, i) {
			e.b0--
		} else {
			e.a0--
		}
		x, y = e.a0, e.b0
		if n := len(edits); n > 0 && edits[n-1].a0 == e.a1 && edits[n-1].b0 == e.b1 {
			edits[n-1].a0, edits[n-1].b0 = e.a0, e.b0
			continue
		}
		edits = append(edits, e)
	}
	slices.Reverse(edits)
	return edits
}
