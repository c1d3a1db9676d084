"""What importing 10,000 products costs: our import run beside stock's import of the same file."""

import base64
import csv
import io

from .measure import result
from .member_import import OPTIONS, measure

PRODUCTS = 10_000
FIELDS = {
    "Key": "id",
    "Name": "name",
    "Number": "default_code",
    "Barcode": "barcode",
    "Category": "categ_id",
    "Brand": "product_brand_id",
    "Price": "list_price",
    "Material": "retail_material",
    "Description": "description_sale",
}


def run(env):
    """Return the rows `import.products` and `import.products.unchanged`; in CPU seconds."""
    env["product.category"].create([{"name": f"Bench {number}"} for number in range(20)])
    env["product.brand"].create([{"name": f"Bench {number}"} for number in range(50)])
    ours = _ours(env, _file("OUR", "69"))
    peer = _peer(env, _file("PEER", "68"))
    names = (("import.products", 0.4), ("import.products.unchanged", 0.05))
    rows = []
    for number, (name, aim) in enumerate(names):
        queries = f"{ours[number][1]} / {peer[number][1]}"
        rows.append(
            result(name, ours[number][0], peer[number][0], "s CPU", aim, queries=queries, runs=1)
        )
    return rows


def _file(numbers, barcodes):
    """Return a .csv of products; two files of other numbers and barcodes are alike otherwise."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(FIELDS)
    for number in range(PRODUCTS):
        writer.writerow(
            [
                f"__import__.{numbers.lower()}_{number}",
                f"长裙 {numbers} {number}",
                f"{numbers}{number:06}",
                f"{barcodes}{number:011}",
                f"Bench {number % 20}",
                f"Bench {number % 50}",
                f"{number % 500}.50",
                "Linen",
                f"Cool in summer, number {number}",
            ]
        )
    return stream.getvalue().encode()


def _ours(env, content):
    """Import twice; return [(CPU seconds, queries)]."""
    import_run = env["retail.import.run"].create(
        {
            "profile_id": env.ref("retail_guide.import_profile_product").id,
            "file": base64.b64encode(content),
            "file_name": "products.csv",
        }
    )
    costs = [measure(env, import_run._run_now) for _number in range(2)]
    if import_run.unchanged_count != PRODUCTS:
        raise AssertionError(f"{import_run.unchanged_count} products were unchanged")
    return costs


def _peer(env, content):
    wizard = env["base_import.import"].with_context(default_is_storable=True)

    def load():
        one = wizard.create(
            {
                "res_model": "product.product",
                "file": content,
                "file_type": "text/csv",
                "file_name": "products.csv",
            }
        )
        for skip in range(0, PRODUCTS, OPTIONS["limit"]):
            done = one.execute_import(
                list(FIELDS.values()), list(FIELDS), {**OPTIONS, "skip": skip}
            )
            if done["messages"]:
                raise AssertionError(done["messages"][:3])

    return [measure(env, load) for _number in range(2)]
