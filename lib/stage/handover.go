package stage

import (
	"encoding"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"unsafe"
)

// What the second start has to know: how many messages about unusable input there
// were already, and the flags, parsed, with what Open put into them. They are not
// parsed again, for that takes a tenth of the start; and what a file said is taken
// from the one start that could open it.
//
// The encoding is the values one behind the other, in the order of the struct's
// fields; both ends are the same binary. encoding/gob does it, too, and takes
// another tenth of the start for it; encoding/json changes names that are not
// UTF-8.

func pack(used int, f Flags) ([]byte, error) {
	return appendValue(binary.AppendUvarint(nil, uint64(used)), reflect.ValueOf(f).Elem())
}

// unpack fills f, which must be zero, with what pack was given. Its strings are
// parts of b, to which nobody may write any more: they can be a whole policy.
func unpack(b []byte, f Flags) (used int, err error) {
	d := decoder{rest: b}
	used = int(d.number())
	d.value(reflect.ValueOf(f).Elem())
	if d.err == nil && len(d.rest) > 0 {
		d.err = errHandover
	}
	return used, d.err
}

var errHandover = errors.New("handover: not what the first start writes")

func appendValue(b []byte, v reflect.Value) ([]byte, error) {
	if m, ok := v.Interface().(encoding.BinaryMarshaler); ok {
		text, err := m.MarshalBinary()
		return append(binary.AppendUvarint(b, uint64(len(text))), text...), err
	}
	var err error
	switch v.Kind() {
	case reflect.Bool:
		n := uint64(0)
		if v.Bool() {
			n = 1
		}
		return binary.AppendUvarint(b, n), nil
	case reflect.Int, reflect.Int64:
		return binary.AppendVarint(b, v.Int()), nil
	case reflect.Uint64, reflect.Uint32:
		return binary.AppendUvarint(b, v.Uint()), nil
	case reflect.String:
		if v.Len() > cap(b)-len(b) {
			b = slices.Grow(b, len(b)+v.Len()) // append doubles it only while it is small
		}
		return append(binary.AppendUvarint(b, uint64(v.Len())), v.String()...), nil
	case reflect.Slice:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return append(b, v.Bytes()...), nil
		}
		for i := 0; i < v.Len() && err == nil; i++ {
			b, err = appendValue(b, v.Index(i))
		}
		return b, err
	case reflect.Struct:
		for i := 0; i < v.NumField() && err == nil; i++ {
			if v.Type().Field(i).IsExported() {
				b, err = appendValue(b, v.Field(i))
			}
		}
		return b, err
	}
	return b, fmt.Errorf("handover: a flag of type %s", v.Type())
}

// A decoder reads values from rest; after the first error it reads zeros.
type decoder struct {
	rest []byte
	err  error
}

func (d *decoder) number() uint64 {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.rest, d.err = nil, errHandover
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

// bytes returns the next string.
func (d *decoder) bytes() []byte {
	n := d.number()
	if n > uint64(len(d.rest)) {
		d.rest, d.err = nil, errHandover
		return nil
	}
	b := d.rest[:n:n]
	d.rest = d.rest[n:]
	return b
}

func (d *decoder) value(v reflect.Value) {
	if u, ok := v.Addr().Interface().(encoding.BinaryUnmarshaler); ok {
		if err := u.UnmarshalBinary(d.bytes()); err != nil {
			d.err = err
		}
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(d.number() == 1)
	case reflect.Int, reflect.Int64:
		n := d.number() // zigzag, as binary.AppendVarint writes it
		v.SetInt(int64(n>>1) ^ -int64(n&1))
	case reflect.Uint64, reflect.Uint32:
		v.SetUint(d.number())
	case reflect.String:
		b := d.bytes()
		v.SetString(unsafe.String(unsafe.SliceData(b), len(b)))
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes(d.bytes())
			return
		}
		n := d.number()
		if n > uint64(len(d.rest)) { // each takes a byte at least
			d.rest, d.err = nil, errHandover
		}
		for range min(n, uint64(len(d.rest))) {
			e := reflect.New(v.Type().Elem()).Elem()
			d.value(e)
			v.Set(reflect.Append(v, e))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				d.value(v.Field(i))
			}
		}
	}
}
