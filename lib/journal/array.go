package journal

import "encoding/binary"

// A chain is a list of entries' offsets: of all that a file has, or of those that
// have one payload. The first of these stands in the data object itself; the others
// are in arrays, each of which names the next. A copy of a chain reads on by itself.
type chain struct {
	data   uint64 // the data object, 0 for the file's own list
	total  uint64 // how many entries it is said to have
	inline uint64 // the one in the data object
	first  uint64 // the first array

	done         uint64 // how many were returned
	array        uint64 // the one that is read
	items, index uint64
	last         uint64 // the offset returned last
}

// all returns the chain of all entries.
func (f *File) all() chain { return chain{total: f.Entries, first: f.entryArray} }

// chainOf returns the chain of a data object.
func (r *Reader) chainOf(f *File, data uint64) (c chain, err error) {
	_, b, err := r.fixed(f, data, kindData, dataPayload)
	if err != nil {
		return c, err
	}
	return chain{
		data: data, total: binary.LittleEndian.Uint64(b[dataEntries:]),
		inline: binary.LittleEndian.Uint64(b[dataEntry:]), first: binary.LittleEndian.Uint64(b[dataEntryArray:]),
	}, nil
}

// step returns the next offset of a chain, 0 at its end.
func (r *Reader) step(f *File, c *chain) (offset uint64, err error) {
	if c.done >= c.total {
		return 0, r.ended(f, c)
	}
	if c.done == 0 && c.data != 0 {
		offset = c.inline
	} else if offset, err = r.arrayItem(f, c); err != nil {
		return 0, err
	}
	if offset == 0 {
		return 0, faultAt(max(c.array, c.data), "a list ends after %d of %d entries", c.done, c.total)
	}
	if offset%8 != 0 || offset <= c.last || offset < f.size || offset >= f.end {
		return 0, faultAt(max(c.array, c.data), "a list names an entry at %d, after one at %d", offset, c.last)
	}
	c.last = offset
	c.done++
	return offset, nil
}

// arrayItem returns what stands in the next place of the arrays, 0 where there is none.
func (r *Reader) arrayItem(f *File, c *chain) (uint64, error) {
	size := f.itemSize(8)
	for c.index == c.items {
		next := c.first
		if c.array != 0 {
			_, b, err := r.fixed(f, c.array, kindEntryArray, arrayItems)
			if err != nil {
				return 0, err
			}
			next = binary.LittleEndian.Uint64(b[arrayNext:])
		}
		if next == 0 {
			return 0, nil
		}
		if next <= c.array { // journald appends them
			return 0, faultAt(c.array, "an array of entries names one at %d as the next", next)
		}
		o, _, err := r.fixed(f, next, kindEntryArray, arrayItems)
		if err != nil {
			return 0, err
		}
		c.array, c.items, c.index = next, (o.size-arrayItems)/size, 0
	}
	b, err := r.blocks.read(f, c.array+arrayItems+c.index*size, int(size))
	if err != nil {
		return 0, err
	}
	c.index++
	if size == 4 {
		return uint64(binary.LittleEndian.Uint32(b)), nil
	}
	return binary.LittleEndian.Uint64(b), nil
}

// ended checks that nothing stands behind the last entry of a chain.
func (r *Reader) ended(f *File, c *chain) error {
	rest := *c
	if c.total == 0 && c.data != 0 && c.inline != 0 {
		return faultAt(c.data, "a payload of no entries names one")
	}
	offset, err := r.arrayItem(f, &rest)
	if err == nil && offset != 0 && !r.newest(f, offset) {
		err = faultAt(max(rest.array, c.data), "a list has more than its %d entries", c.total)
	}
	return err
}

// newest reports whether an entry may be in a list and not yet in its count: it was
// written since the header was read, or it is the last one.
func (r *Reader) newest(f *File, offset uint64) bool {
	if f.State != Online || offset > f.tail {
		return f.State == Online
	}
	c, err := r.key(f, offset)
	return err == nil && c.Seqnum >= f.TailSeqnum
}

// resume goes on where one of the chains was that were read to their ends, so that
// what was checked once is not checked again.
func (c *chain) resume(chains []chain, last uint64) {
	for i := range chains {
		if old := &chains[i]; old.data == c.data && old.last <= last && old.done <= c.total {
			c.done, c.array, c.items, c.index, c.last = old.done, old.array, old.items, old.index, old.last
		}
	}
}

// agrees reads a whole chain, and says what in it does not fit.
func (r *Reader) agrees(f *File, c chain) error {
	for {
		offset, err := r.step(f, &c)
		if offset == 0 {
			return err
		}
	}
}
