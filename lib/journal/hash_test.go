package journal

import "testing"

// TestHashes: the vectors of the functions' authors.
func TestHashes(t *testing.T) {
	var key ID
	text := make([]byte, 15)
	for i := range key {
		key[i] = byte(i)
	}
	for i := range text {
		text[i] = byte(i)
	}
	if h := sipHash(&key, text); h != 0xa129ca6149be45e5 { // the paper's appendix A
		t.Errorf("siphash: %#x", h)
	}
	for _, tt := range []struct {
		text string
		hash uint64
	}{ // driver5 of lookup3.c
		{"", 0xdeadbeefdeadbeef},
		{"Four score and seven years ago", 0x17770551ce7226e6},
	} {
		if h := lookup3([]byte(tt.text)); h != tt.hash {
			t.Errorf("%q: %#x", tt.text, h)
		}
	}
}
