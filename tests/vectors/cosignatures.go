// Cosignatures by an implementation that is not ours: Go's golang.org/x/mod/sumdb/note does notes, signature lines and
// key ids; the message of C2SP tlog-cosignature is written here from its text.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run tests/vectors/cosignatures.go make > tests/vectors/cosignatures.json
//	GO111MODULE=off GOPATH=/usr/share/gocode go run tests/vectors/cosignatures.go check LOGKEY WITNESSKEY < note
//
// On Debian: apt-get install golang-go golang-golang-x-mod-dev
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const kind = 4

type witness struct {
	name    string
	hash    uint32
	private ed25519.PrivateKey
	public  ed25519.PublicKey
	at      uint64
}

func newWitness(name string, public ed25519.PublicKey) *witness {
	digest := sha256.Sum256(append([]byte(name+"\n"+string(rune(kind))), public...))
	return &witness{name: name, hash: binary.BigEndian.Uint32(digest[:]), public: public}
}

func (w *witness) Name() string    { return w.name }
func (w *witness) KeyHash() uint32 { return w.hash }

func (w *witness) key() string {
	return fmt.Sprintf("%s+%08x+%s", w.name, w.hash, base64.StdEncoding.EncodeToString(append([]byte{kind}, w.public...)))
}

func message(at uint64, body []byte) []byte {
	return []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, body))
}

func (w *witness) Sign(body []byte) ([]byte, error) {
	signed := make([]byte, 8, 72)
	binary.BigEndian.PutUint64(signed, w.at)
	return append(signed, ed25519.Sign(w.private, message(w.at, body))...), nil
}

func (w *witness) Verify(body, signed []byte) bool {
	if len(signed) != 72 {
		return false
	}
	w.at = binary.BigEndian.Uint64(signed)
	return ed25519.Verify(w.public, message(w.at, body), signed[8:])
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type vector struct {
	Note      string   `json:"note"`
	Log       string   `json:"log"`
	Witnesses []string `json:"witnesses"`
	At        []uint64 `json:"at"`
	Size      int64    `json:"size"`
}

func makeVectors() {
	var vectors []vector
	for number, size := range []int64{1, 7, 256, 70000} {
		seed := sha256.Sum256([]byte(fmt.Sprint("log", number)))
		name := fmt.Sprintf("example.com/ledger/vector/%d", number+1)
		logSecret, logKey, err := note.GenerateKey(bytes.NewReader(bytes.Repeat(seed[:], 4)), name)
		must(err)
		signer, err := note.NewSigner(logSecret)
		must(err)
		root := sha256.Sum256([]byte(fmt.Sprint("root", number)))
		body := fmt.Sprintf("%s\n%d\n%s\n", name, size, tlog.Hash(root).String())
		made := vector{Log: logKey, Size: size}
		signers := []note.Signer{signer}
		for each := 0; each <= number; each++ {
			seed := sha256.Sum256([]byte(fmt.Sprint("witness", number, each)))
			private := ed25519.NewKeyFromSeed(seed[:])
			w := newWitness(fmt.Sprintf("witness%d.example/w", each), private.Public().(ed25519.PublicKey))
			w.private, w.at = private, uint64(1700000000+1000*number+each)
			made.Witnesses, made.At = append(made.Witnesses, w.key()), append(made.At, w.at)
			signers = append(signers, w)
		}
		signed, err := note.Sign(&note.Note{Text: body}, signers...)
		must(err)
		made.Note = string(signed)
		vectors = append(vectors, made)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	must(encoder.Encode(vectors))
}

func check(logKey, witnessKey string) {
	text, err := io.ReadAll(os.Stdin)
	must(err)
	log, err := note.NewVerifier(logKey)
	must(err)
	parts := strings.SplitN(witnessKey, "+", 3)
	public, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	w := newWitness(parts[0], public[1:])
	opened, err := note.Open(text, note.VerifierList(log, w))
	must(err)
	for _, signature := range opened.Sigs {
		fmt.Println(signature.Name)
	}
	fmt.Println(w.at)
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "check" {
		check(os.Args[2], os.Args[3])
		return
	}
	makeVectors()
}
