package tree

import (
	"encoding/binary"
	"errors"
	"slices"
)

// Append encodes the tree for the process that lays it out: each text behind its
// length. Both ends are the same binary.
func (t *Tree) Append(b []byte) []byte {
	size := len(b)
	for _, n := range t.Nodes {
		size += len(n.Name) + len(n.Text) + 2*binary.MaxVarintLen32 + 1
	}
	b = slices.Grow(b, size)
	b = appendText(b, t.Dir)
	b = binary.AppendUvarint(b, uint64(len(t.Problems)))
	for _, p := range t.Problems {
		b = appendText(b, p)
	}
	for _, n := range t.Nodes {
		b = appendText(append(b, byte(n.Kind)), n.Name)
		b = append(binary.AppendUvarint(b, uint64(len(n.Text))), n.Text...)
	}
	return b
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

var errEncoding = errors.New("this is no encoded policy")

// Decode is the reverse. The texts are parts of b.
func Decode(b []byte) (*Tree, error) {
	d := decoder{rest: b}
	t := &Tree{Dir: string(d.text())}
	for n := d.number(); n > 0 && d.err == nil; n-- {
		t.Problems = append(t.Problems, string(d.text()))
	}
	for len(d.rest) > 0 && d.err == nil {
		kind := Kind(d.rest[0])
		d.rest = d.rest[1:]
		n := Node{Kind: kind, Name: string(d.text())}
		n.Text = d.text()
		t.Nodes = append(t.Nodes, n)
	}
	return t, d.err
}

type decoder struct {
	rest []byte
	err  error
}

func (d *decoder) number() uint64 {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.rest, d.err = nil, errEncoding
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

func (d *decoder) text() []byte {
	n := d.number()
	if n > uint64(len(d.rest)) {
		d.rest, d.err = nil, errEncoding
		return nil
	}
	text := d.rest[:n:n]
	d.rest = d.rest[n:]
	return text
}
