package stage

import (
	"bytes"
	"io"
	"os"
	"testing"
)

// TestPutLines: what is copied and what is not comes out in the order in which it
// was put.
func TestPutLines(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read := make(chan []byte)
	go func() {
		all, _ := io.ReadAll(r)
		read <- all
	}()
	out := NewOutput(int(w.Fd()))
	var want []byte
	for i, size := range []int{1, blockSize, 10, 0, blockSize/4 - 1, blockSize / 4, 3 * blockSize, 2} {
		text := bytes.Repeat([]byte{'a' + byte(i)}, size)
		out.PutLines(text, 2)
		out.Put(append(out.Buffer(), '\n'), 1)
		want = append(append(want, text...), '\n')
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if got := <-read; !bytes.Equal(got, want) {
		t.Errorf("%d bytes came out that are not the %d that went in", len(got), len(want))
	}
	if out.lines != 3*8 {
		t.Errorf("%d lines", out.lines)
	}
}
