//! Reads Polar's catalogue into ours, and compares it with what we mean to sell.

use std::{collections::BTreeSet, fmt};

use super::super::{
    apply::apply_product,
    client::{Answer, PolarClient, PolarError},
    wire::Product,
};
use crate::{Backend, Result, db::SystemTx};

/// Nobody sells more than this: an end for a list that has none.
const MOST_PAGES: i64 = 40;

/// Something that `POLAR_PRODUCTS` names and that cannot be sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductProblem {
    /// Our name of it.
    pub slug: String,
    /// The id that the configuration gives.
    pub product: String,
    /// It exists, and is archived; otherwise Polar knows no such product.
    pub archived: bool,
}

impl fmt::Display for ProductProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { slug, product, archived } = self;
        if *archived {
            write!(f, "{slug} ({product}) is archived at Polar and cannot be bought")
        } else {
            write!(f, "{slug} ({product}) does not exist at this Polar")
        }
    }
}

/// Reads every product that can be bought; answers, and logs, what we mean to sell and cannot.
///
/// # Errors
/// When Polar or the database cannot be asked.
#[tracing::instrument(name = "billing.sync_products", skip_all)]
pub async fn sync_products(backend: &Backend) -> Result<Vec<ProductProblem>> {
    let Some(client) = PolarClient::of(backend) else { return Ok(Vec::new()) };
    let sold = read_all(backend, &client).await?;
    let products = backend.settings.billing.iter().flat_map(|settings| &settings.products);
    let mut problems = Vec::new();
    for (slug, product) in products.filter(|(_, product)| !sold.contains(*product)) {
        // Not in the list: archived since we last heard, or a mistake in the configuration.
        let archived = match client.product(product).await {
            Ok(answer) => {
                let archived = answer.data.is_archived;
                write(backend, vec![answer]).await?;
                if !archived {
                    continue;
                }
                true
            }
            Err(PolarError::NotFound | PolarError::Validation(_)) => false,
            Err(error) => return Err(error.into()),
        };
        let problem = ProductProblem { slug: slug.clone(), product: product.clone(), archived };
        tracing::error!(slug, product.id = product, "{problem}");
        problems.push(problem);
    }
    Ok(problems)
}

/// [`sync_products`] as a job.
pub(crate) async fn sync_products_later(backend: &Backend) -> Result<SystemTx> {
    sync_products(backend).await?;
    Ok(backend.db.system().write().await?)
}

async fn read_all(backend: &Backend, client: &PolarClient<'_>) -> Result<BTreeSet<String>> {
    let mut ids = BTreeSet::new();
    for number in 1..=MOST_PAGES {
        let page = client.products(number).await?;
        ids.extend(page.items.iter().map(|answer| answer.data.id.clone()));
        write(backend, page.items).await?;
        if number >= page.pages {
            break;
        }
    }
    Ok(ids)
}

async fn write(backend: &Backend, products: Vec<Answer<Product>>) -> Result<()> {
    let mut tx = backend.db.system().write().await?;
    for product in products {
        apply_product(&mut tx, backend, &product.snapshot()).await?;
    }
    tx.commit().await?;
    Ok(())
}
