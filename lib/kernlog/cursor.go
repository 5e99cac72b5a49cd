package kernlog

import "strings"

// cursor walks over a message.
type cursor struct {
	s string
	i int
}

func (c *cursor) rest() string { return c.s[c.i:] }

func (c *cursor) done() bool { return c.i >= len(c.s) }

// next reports whether a text is next.
func (c *cursor) next(text string) bool { return strings.HasPrefix(c.s[c.i:], text) }

// lit consumes a literal if it is next.
func (c *cursor) lit(text string) bool {
	if !c.next(text) {
		return false
	}
	c.i += len(text)
	return true
}

// word consumes a word if it is next and a blank or the end follows; the blank
// goes with it. Shippers cut the last blank of a line off.
func (c *cursor) word(text string) bool {
	if !c.next(text) {
		return false
	}
	end := c.i + len(text)
	if end < len(c.s) && c.s[end] != ' ' {
		return false
	}
	c.i = min(end+1, len(c.s))
	return true
}

// until consumes what stands before the next stop, or the end, and the stop.
func (c *cursor) until(stop byte) string {
	start := c.i
	for c.i < len(c.s) && c.s[c.i] != stop { // values are short
		c.i++
	}
	v := c.s[start:c.i]
	c.i = min(c.i+1, len(c.s))
	return v
}

func (c *cursor) blanks() {
	for c.i < len(c.s) && c.s[c.i] == ' ' {
		c.i++
	}
}
