package netfilter

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// cursor reads text word by word. Words stand one blank apart; that nothing
// else stands between them is seen when Parse prints the rule again.
type cursor struct {
	rest string
	err  error // the first one; nothing is read after it
}

// fail keeps the first error.
func (c *cursor) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// peek returns the next word without taking it.
func (c *cursor) peek() string {
	if c.err != nil {
		return ""
	}
	word, _, _ := strings.Cut(c.rest, " ")
	return word
}

// word takes the next word.
func (c *cursor) word() string {
	if c.err != nil {
		return ""
	}
	if c.rest == "" {
		c.fail(errors.New("the rule ends too early"))
		return ""
	}
	var word string
	word, c.rest, _ = strings.Cut(c.rest, " ")
	return word
}

// take takes these words if they come next.
func (c *cursor) take(words string) bool {
	if c.err != nil {
		return false
	}
	rest, ok := strings.CutPrefix(c.rest, words)
	if !ok || rest != "" && rest[0] != ' ' {
		return false
	}
	c.rest = strings.TrimPrefix(rest, " ")
	return true
}

// want takes these words and fails if something else comes.
func (c *cursor) want(words string) {
	if !c.take(words) {
		c.unexpected(c.peek())
	}
}

func (c *cursor) unexpected(word string) {
	c.fail(fmt.Errorf("unexpected %q", bounded(word)))
}

// number takes a decimal number of at most so many bits.
func (c *cursor) number(bits int) uint64 {
	return c.numberIn(c.word(), bits)
}

func (c *cursor) numberIn(word string, bits int) uint64 {
	n, err := strconv.ParseUint(word, 10, bits)
	if err != nil {
		c.fail(fmt.Errorf("%q is no number of %d bits", bounded(word), bits))
	}
	return n
}

// chain takes the name of a chain of ours, in either case.
func (c *cursor) chain() Chain {
	word := c.word()
	for _, chain := range chains {
		if word == nftChain(chain) || word == iptablesChain(chain) {
			return chain
		}
	}
	c.unexpected(word)
	return ""
}

func (c *cursor) prefix(word string) netip.Prefix {
	p, err := parsePrefix(word)
	if err != nil {
		c.fail(err)
	}
	return p
}

func (c *cursor) port(word string, dash byte) PortRange {
	p, err := parsePort(word, dash)
	if err != nil {
		c.fail(err)
	}
	return p
}

// end is the error of the text, if it had one or if something is left of it.
func (c *cursor) end() error {
	if c.err == nil && c.rest != "" {
		c.unexpected(c.peek())
	}
	return c.err
}
